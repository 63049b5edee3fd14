package threads

import (
	"fmt"
	"path"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// Views are functions of one program, each looked at once, for the questions that a function and the goroutines which it starts
// answer by themselves: what is whose (owned.go), which goroutines have ended (ended.go), what has been waited for (joins.go).
// Views are used by one goroutine at a time.
type Views struct {
	facts *resolve.Facts
	of    map[*effects.Func]*View
	sent  map[*effects.Unit]map[string]bool // see sendsIn
}

// NewViews returns views of the functions of a program.
func NewViews(facts *resolve.Facts) *Views {
	return &Views{facts: facts, of: map[*effects.Func]*View{}, sent: map[*effects.Unit]map[string]bool{}}
}

// A View is one function in view of its program.
type View struct {
	*resolve.Func
	all *Views

	starts []Start     // see Starts
	events []Event     // see Events
	waits  []effects.V // see waiting
}

// Of returns the view of a function.
func (w *Views) Of(fn *effects.Func) *View {
	f := w.of[fn]
	if f == nil {
		f = &View{Func: resolve.New(w.facts, fn), all: w}
		w.of[fn] = f
	}
	return f
}

// variable returns the local variable in memory that an address is, a captured one in the function that has it; 0 if it is none, or not one.
func (f *View) variable(v effects.V) (*View, effects.V) {
	for f.Op(v) == effects.Free {
		v = resolve.Binding(f.Func.Func, v)
		if f.Parent == nil || v == 0 {
			return f, 0
		}
		f = f.all.Of(f.Parent)
	}
	if f.Op(v) != effects.Alloc {
		return f, 0
	}
	return f, v
}

// A Proof is why an answer holds: instructions in the order in which they run, with what each does.
type Proof []Step

// A Step is one instruction of a proof.
type Step struct {
	Fn   *effects.Func
	At   effects.V
	What string // "makes the object", "starts a goroutine with it", "waits for it to end"
}

// String prints a proof on one line: "q.go:3 makes the object; q.go:5 starts a goroutine with it; q.go:9 waits for it to end".
func (p Proof) String() string {
	var parts []string
	for _, s := range p {
		parts = append(parts, fmt.Sprintf("%s %s", place(s.Fn, s.Fn.At(s.At).Pos), s.What))
	}
	return strings.Join(parts, "; ")
}

// place writes a position as file and line.
func place(fn *effects.Func, pos effects.Pos) string {
	file := ""
	if int(pos.File) < len(fn.Unit.Files) {
		file = fn.Unit.Files[pos.File]
	}
	return fmt.Sprintf("%s:%d", path.Base(strings.ReplaceAll(file, "\\", "/")), pos.Line)
}
