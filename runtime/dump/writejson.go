package dump

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf8"
)

// WriteJSON prints the dump as one JSON object, which Parse reads back. Its fields are those of
// Dump, after "version", which is 2. Stacks that differ in nothing but the arguments of calls are printed
// once, in "stacks"; instead of its frames, a goroutine has the number of its stack there, and the
// arguments. It is written piece by piece: memory is needed for the distinct stacks only.
func (d *Dump) WriteJSON(w io.Writer) error {
	j := &jsonWriter{w: bufio.NewWriterSize(w, 64<<10)}
	j.field("version", jsonVersion)
	if !d.Time.IsZero() {
		j.field("time", d.Time)
	}
	if d.PID != 0 {
		j.field("pid", d.PID)
	}
	j.field("watched", d.Watched)
	writeList(j, "notes", d.Notes)
	writeList(j, "deadlocks", d.Deadlocks)
	writeList(j, "faults", d.Faults)
	writeList(j, "stuck", d.Stuck)
	stacks, of := d.stacks()
	writeList(j, "stacks", stacks)
	j.name("goroutines")
	for i, g := range d.Goroutines {
		j.item(i)
		j.goroutine(g, of[i])
	}
	j.end(len(d.Goroutines))
	j.w.WriteString("\n}\n")
	if j.err != nil {
		return j.err
	}
	return j.w.Flush()
}

// stacks returns the distinct stacks, and which of them each goroutine has.
func (d *Dump) stacks() (stacks []stackJSON, of []int) {
	index := map[string]int{}
	var key []byte
	for _, g := range d.Goroutines {
		key = g.appendCalls(key[:0])
		i, ok := index[string(key)]
		if !ok {
			i = len(stacks)
			index[string(key)] = i
			frames := make([]Frame, len(g.Frames))
			for k, f := range g.Frames {
				f.Args = ""
				frames[k] = f
			}
			stacks = append(stacks, stackJSON{Frames: frames, CreatedBy: g.CreatedBy})
		}
		stacks[i].Goroutines++
		of = append(of, i)
	}
	return stacks, of
}

// A jsonWriter writes an object whose lists have an item a line.
type jsonWriter struct {
	w     *bufio.Writer // whose first error Flush returns
	begun bool
	buf   []byte
	err   error
}

// name begins a field that is a list, or any other.
func (j *jsonWriter) name(name string) {
	if j.begun {
		j.w.WriteByte(',')
	} else {
		j.w.WriteByte('{')
	}
	j.begun = true
	j.w.WriteString("\n  \"" + name + "\": ")
}

func (j *jsonWriter) field(name string, v any) {
	j.name(name)
	j.value(v)
}

func (j *jsonWriter) value(v any) {
	data, err := json.Marshal(v)
	if err != nil && j.err == nil {
		j.err = err
	}
	j.w.Write(data)
}

// item begins the i-th item of a list.
func (j *jsonWriter) item(i int) {
	if i == 0 {
		j.w.WriteString("[\n    ")
	} else {
		j.w.WriteString(",\n    ")
	}
}

// end ends a list of n items.
func (j *jsonWriter) end(n int) {
	if n == 0 {
		j.w.WriteString("[]")
	} else {
		j.w.WriteString("\n  ]")
	}
}

// writeList writes a list, if it is not empty.
func writeList[T any](j *jsonWriter, name string, list []T) {
	if len(list) == 0 {
		return
	}
	j.name(name)
	for i := range list {
		j.item(i)
		j.value(list[i])
	}
	j.end(len(list))
}

// goroutine writes a goroutine by hand, since there may be a hundred thousand.
func (j *jsonWriter) goroutine(g *Goroutine, stack int) {
	b := append(j.buf[:0], `{"id":`...)
	b = strconv.AppendUint(b, g.ID, 10)
	b = appendString(append(b, `,"state":`...), g.State)
	if g.Minutes != 0 {
		b = strconv.AppendInt(append(b, `,"minutes":`...), int64(g.Minutes), 10)
	}
	if g.Locked {
		b = append(b, `,"lockedToThread":true`...)
	}
	if g.Bubble != 0 {
		b = strconv.AppendUint(append(b, `,"bubble":`...), g.Bubble, 10)
	}
	if g.Labels != "" {
		b = appendString(append(b, `,"labels":`...), g.Labels)
	}
	if g.Ended {
		b = append(b, `,"ended":true`...)
	}
	if g.Creator != 0 {
		b = strconv.AppendUint(append(b, `,"creator":`...), g.Creator, 10)
	}
	b = strconv.AppendInt(append(b, `,"stack":`...), int64(stack), 10)
	b = append(b, `,"args":[`...)
	for i, f := range g.Frames {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, f.Args)
	}
	b = append(b, ']')
	j.buf = b
	j.w.Write(b)
	if g.Waits != nil {
		j.w.WriteString(`,"waits":`)
		j.value(g.Waits)
	}
	if len(g.Holds) > 0 {
		j.w.WriteString(`,"holds":`)
		j.value(g.Holds)
	}
	j.w.WriteByte('}')
}

// appendString appends a string in quotes.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			data, err := json.Marshal(s)
			if err != nil { // strings have none
				break
			}
			return append(b, data...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
