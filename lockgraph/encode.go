package lockgraph

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The JSON form of a graph:
//
//	{"schema":"lockgraph/1","edges":[
//	{"from":"a.A.mu","to":"a.B.mu","frommode":"W","tomode":"W","confidence":100,...},
//	...
//	],"writers":[
//	{"class":"a.A.mu","mode":"W",...}
//	]}
//
// One edge or writer on a line, sorted, so that files can be compared line by
// line. All variants that the graph stores and that no other dominates are
// written, which can be more than Edges and Writers give: the decoded graph
// then behaves as the original for every Options and every later AddEdge that is
// not beyond the cap of variant.go.
//
// Decoding is strict: unknown fields, a second value, and anything after the
// end are errors. "schema" comes first. Memory is bounded by a small multiple of the
// input, which is read edge by edge, and the input by maxInput.

const schema = "lockgraph/1"

const (
	maxInput  = 1 << 30 // bytes
	maxFrames = 1 << 10 // in one witness
	maxGates  = 1 << 10
)

// Encode writes the graph as JSON. Equal graphs give equal bytes.
func (g *Graph) Encode(w io.Writer) error {
	bw := bufio.NewWriter(w)
	fmt.Fprintf(bw, `{"schema":%q,"edges":`, schema)
	if err := encodeList(bw, g.edges(maxStored, func(*entry) bool { return true })); err != nil {
		return err
	}
	bw.WriteString(`,"writers":`)
	var writers []Acquisition
	for _, c := range g.Classes() {
		writers = frontier(writers, g.writers[g.ids[c]], maxStored, nil, writerDominates)
	}
	if err := encodeList(bw, writers); err != nil {
		return err
	}
	bw.WriteString("}\n")
	return bw.Flush()
}

func encodeList[T any](w *bufio.Writer, list []T) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // "->" is common in names of functions and links
	w.WriteByte('[')
	for i := range list {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteByte('\n')
		buf.Reset()
		if err := enc.Encode(&list[i]); err != nil {
			return fmt.Errorf("lockgraph: %w", err)
		}
		if _, err := w.Write(bytes.TrimSuffix(buf.Bytes(), []byte("\n"))); err != nil {
			return err
		}
	}
	if len(list) > 0 {
		w.WriteByte('\n')
	}
	return w.WriteByte(']')
}

// Decode reads what Encode wrote. Edges and writers may come in any order.
// The error, if any, is one sentence that says what is wrong with the input.
func Decode(r io.Reader) (*Graph, error) {
	d := decoder{
		limit:   io.LimitedReader{R: r, N: maxInput + 1},
		g:       New(),
		strings: make(map[string]string),
	}
	d.Decoder = json.NewDecoder(&d.limit)
	d.DisallowUnknownFields()
	if err := d.graph(); err != nil {
		return nil, fmt.Errorf("lockgraph: %w", d.explain(err))
	}
	return d.g, nil
}

type decoder struct {
	*json.Decoder
	limit   io.LimitedReader
	g       *Graph
	strings map[string]string // one copy of each file, function and package name
}

func (d *decoder) explain(err error) error {
	var (
		syntax *json.SyntaxError
		typ    *json.UnmarshalTypeError
	)
	switch {
	case d.limit.N <= 0:
		return fmt.Errorf("input is larger than %d bytes", maxInput)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("input ends early")
	case errors.As(err, &syntax):
		return fmt.Errorf("input is not JSON at byte %d: %w", syntax.Offset, err)
	case errors.As(err, &typ):
		return fmt.Errorf("input has a JSON %s where a graph has a %s, near byte %d", typ.Value, typ.Type, d.InputOffset())
	}
	return err
}

func (d *decoder) delim(want json.Delim) error {
	tok, err := d.Token()
	if err != nil {
		return err
	}
	if tok != want {
		return fmt.Errorf("found %v instead of %v at byte %d", quote(tok), want, d.InputOffset())
	}
	return nil
}

// quote keeps a token from the input short and on one line.
func quote(tok json.Token) string {
	s := fmt.Sprint(tok)
	if len(s) > 40 {
		s = s[:40] + "..."
	}
	return fmt.Sprintf("%q", s)
}

func (d *decoder) graph() error {
	if err := d.delim('{'); err != nil {
		return err
	}
	var seen []string
	for d.More() {
		tok, err := d.Token()
		if err != nil {
			return err
		}
		key, _ := tok.(string) // a key is always a string
		if slices.Contains(seen, key) {
			return fmt.Errorf("%s occurs twice", quote(key))
		}
		if len(seen) == 0 && key != "schema" {
			return fmt.Errorf("input begins with %s instead of \"schema\"", quote(key))
		}
		seen = append(seen, key)
		switch key {
		case "schema":
			var s string
			if err := d.Decode(&s); err != nil {
				return err
			}
			if s != schema {
				return fmt.Errorf("schema is %s, but this version reads %q", quote(s), schema)
			}
		case "edges":
			err = decodeList(d, "edge", d.edge)
		case "writers":
			err = decodeList(d, "writer", d.writer)
		default:
			err = fmt.Errorf("unknown field %s", quote(key))
		}
		if err != nil {
			return err
		}
	}
	if err := d.delim('}'); err != nil {
		return err
	}
	for _, key := range []string{"schema", "edges", "writers"} {
		if !slices.Contains(seen, key) {
			return fmt.Errorf("%q is missing", key)
		}
	}
	if _, err := d.Token(); err != io.EOF {
		if err != nil {
			return err
		}
		return errors.New("something follows the end of the graph")
	}
	return nil
}

func decodeList[T any](d *decoder, what string, add func(T) error) error {
	if err := d.delim('['); err != nil {
		return err
	}
	for n := 1; d.More(); n++ {
		var v T
		if err := d.Decode(&v); err != nil {
			return err
		}
		if err := add(v); err != nil {
			return fmt.Errorf("%s %d: %w", what, n, err)
		}
	}
	return d.delim(']')
}

func (d *decoder) edge(e Edge) error {
	if e.From == "" || e.To == "" {
		return errors.New("lock class without a name")
	}
	if e.Confidence < 1 || e.Confidence > 100 {
		return fmt.Errorf("confidence %d is not within 1 to 100", e.Confidence)
	}
	if e.Link != "" && e.From != e.To {
		return errors.New("link between two classes")
	}
	e.Origin, e.Thread = d.intern(e.Origin), d.intern(e.Thread)
	for _, err := range []error{d.gates(e.Gates), d.frames(e.Held), d.frames(e.Acquire)} {
		if err != nil {
			return err
		}
	}
	d.g.AddEdge(e)
	return nil
}

func (d *decoder) writer(a Acquisition) error {
	if a.Class == "" {
		return errors.New("lock class without a name")
	}
	if a.Mode != Write {
		return errors.New("mode is not \"W\"")
	}
	a.Origin, a.Thread = d.intern(a.Origin), d.intern(a.Thread)
	for _, err := range []error{d.gates(a.Held), d.frames(a.At)} {
		if err != nil {
			return err
		}
	}
	d.g.AddWriter(a)
	return nil
}

func (d *decoder) gates(gates []Gate) error {
	if len(gates) > maxGates {
		return fmt.Errorf("%d gates are more than %d", len(gates), maxGates)
	}
	for i, gt := range gates {
		if gt.Class == "" {
			return errors.New("gate without a name")
		}
		gates[i].Class = Class(d.intern(string(gt.Class)))
	}
	return nil
}

func (d *decoder) frames(frames []Frame) error {
	if len(frames) > maxFrames {
		return fmt.Errorf("%d witness frames are more than %d", len(frames), maxFrames)
	}
	for i := range frames {
		f := &frames[i]
		if f.Line < 0 || f.Col < 0 {
			return fmt.Errorf("position %d:%d is negative", f.Line, f.Col)
		}
		f.Func, f.File = d.intern(f.Func), d.intern(f.File)
	}
	return nil
}

func (d *decoder) intern(s string) string {
	known, ok := d.strings[s]
	if !ok {
		known = strings.Clone(s)
		d.strings[known] = known
	}
	return known
}
