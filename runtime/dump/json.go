package dump

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// jsonVersion changes when a program written for the old form would misread the new one.
const jsonVersion = 1

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
	}
	if len(data) > maxJSON || json.Unmarshal(data, &j) != nil || j.Version == 0 && len(j.Goroutines) == 0 {
		return nil, false
	}
	d := &j.Dump
	kept := make([]*Goroutine, 0, len(d.Goroutines))
	for _, g := range d.Goroutines {
		if g != nil {
			kept = append(kept, g)
		}
	}
	d.Goroutines = kept
	return d, true
}

// WriteJSON prints the dump as one JSON object, which Parse reads back. Its fields are
// those of Dump, after "version", which is 1.
func (d *Dump) WriteJSON(w io.Writer) error {
	j := struct {
		Version int `json:"version"`
		Dump
	}{jsonVersion, *d}
	j.Goroutines = make([]*Goroutine, 0, len(d.Goroutines))
	for _, g := range d.Goroutines {
		if g.Frames == nil { // an empty list rather than null
			twin := *g
			twin.Frames = []Frame{}
			g = &twin
		}
		j.Goroutines = append(j.Goroutines, g)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(j)
}
