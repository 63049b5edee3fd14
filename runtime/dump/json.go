package dump

import (
	"bufio"
	"bytes"
	"encoding/json"
)

// jsonVersion changes when a program written for the old form would misread the new one. In version 1,
// each goroutine had its frames.
const jsonVersion = 2

// A stackJSON is a stack that several goroutines have, but for the arguments of its calls.
type stackJSON struct {
	Goroutines int     `json:"goroutines"` // how many
	Frames     []Frame `json:"frames"`
	CreatedBy  *Frame  `json:"createdBy,omitempty"`
}

// A goroutineJSON is a goroutine as it is written: with the number of its stack and the arguments of
// the calls in it.
type goroutineJSON struct {
	*Goroutine
	Stack *int     `json:"stack"`
	Args  []string `json:"args"`
}

// isJSON reports whether an input begins as a dump in JSON does, not with a record of a log, which
// is in one line.
func isJSON(b *bufio.Reader) bool {
	head, _ := b.Peek(maxLine)
	head = bytes.TrimLeft(head, " \t\r\n\ufeff")
	if !bytes.HasPrefix(head, []byte("{")) {
		return false
	}
	line, _, ok := bytes.Cut(head, []byte("\n"))
	return !ok || !isRecord(line) || !json.Valid(line) || bytes.Contains(line, []byte(`"goroutines"`))
}

func parseJSON(data []byte) (*Dump, bool) {
	var j struct {
		Version int `json:"version"`
		Dump
		Stacks     []stackJSON     `json:"stacks"`
		Goroutines []goroutineJSON `json:"goroutines"`
	}
	if len(data) > maxJSON || json.Unmarshal(data, &j) != nil || j.Version == 0 && len(j.Goroutines) == 0 {
		return nil, false
	}
	d := &j.Dump
	d.Goroutines = make([]*Goroutine, 0, len(j.Goroutines))
	for _, x := range j.Goroutines {
		g := x.Goroutine
		if g == nil {
			continue
		}
		if x.Stack != nil && *x.Stack >= 0 && *x.Stack < len(j.Stacks) {
			stack := j.Stacks[*x.Stack]
			g.CreatedBy = stack.CreatedBy
			g.Frames = append(make([]Frame, 0, len(stack.Frames)), stack.Frames...)
			for i, args := range x.Args[:min(len(x.Args), len(g.Frames))] {
				g.Frames[i].Args = args
			}
		}
		d.Goroutines = append(d.Goroutines, g)
	}
	return d, true
}
