package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// A Report says what is wrong, and proves it.
type Report struct {
	Check      string   `json:"check"` // as in the static half: lockorder, doublelock, rlockrecursion; or deadlock, waiting, held
	Title      string   `json:"title"`
	Cycle      []string `json:"cycle,omitempty"` // names of locks; the first is not repeated at the end
	Parts      []Part   `json:"parts"`
	Fix        string   `json:"fix,omitempty"`
	Certain    bool     `json:"certain"`              // it has happened, and will not end
	Note       bool     `json:"note,omitempty"`       // worth knowing, but no bug in itself: no test fails for it
	Goroutines []uint64 `json:"goroutines,omitempty"` // that take part
	Family     []uint64 `json:"-"`                    // these, and those that started them, as far as known
}

// A Part is what one goroutine did.
type Part struct {
	Head  string   `json:"head"` // a clause that ends in a colon
	Stack []Frame  `json:"stack,omitempty"`
	Notes []string `json:"notes,omitempty"` // clauses that come after the stack
}

// A Frame is a function that runs, and where.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
}

const rule = "==================\n"

// Text returns the report as it is printed. Frames have the form of those of the race detector.
func (r *Report) Text() string {
	var b strings.Builder
	b.WriteString(rule)
	fmt.Fprintf(&b, "LOCKCHECK: %s (%s)\n", r.Title, r.Check)
	if len(r.Cycle) > 0 {
		fmt.Fprintf(&b, "cycle: %s\n", r.circle())
	}
	for _, p := range r.Parts {
		fmt.Fprintf(&b, "\n%s\n", p.Head)
		for _, f := range p.Stack {
			fmt.Fprintf(&b, "  %s()\n      %s:%d\n", short(f.Func), f.File, f.Line)
		}
		for _, n := range p.Notes {
			fmt.Fprintf(&b, "  %s\n", n)
		}
	}
	if r.Fix != "" {
		fmt.Fprintf(&b, "\nfix: %s\n", r.Fix)
	}
	b.WriteString(rule)
	return b.String()
}

// JSON returns the report as one line.
func (r *Report) JSON() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // "->" is to be read
	if err := enc.Encode(r); err != nil {
		panic("lockcheck: internal error: " + err.Error())
	}
	return b.Bytes()
}

// Headline returns the report in one line.
func (r *Report) Headline() string {
	s := r.Title
	if len(r.Cycle) > 0 {
		s += ": " + r.circle()
	}
	return fmt.Sprintf("%s (%s)", s, r.Check)
}

// circle returns the names of the cycle, without the paths of packages.
func (r *Report) circle() string {
	var b strings.Builder
	for _, c := range r.Cycle {
		b.WriteString(short(c))
		b.WriteString(" -> ")
	}
	b.WriteString(short(r.Cycle[0]))
	return b.String()
}

// short returns a name without the path of its package.
func short(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }
