package dump

import (
	"encoding/json"
	"io"
)

// jsonVersion changes when a program written for the old form would misread the new one.
const jsonVersion = 1

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
