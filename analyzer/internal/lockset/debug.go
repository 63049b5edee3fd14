package lockset

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// PrintHeld prints, for every call in the functions that want picks, the locks held
// there, one set for each state the walk keeps apart; "?" marks a lock that is only
// held on some of the paths of its state. Functions that were not walked, since
// no lock is in reach, are left out.
func (e *Engine) PrintHeld(w io.Writer, want func(*effects.Func) bool) error {
	out := bufio.NewWriter(w)
	for i, r := range e.Results {
		f := e.Funcs[i]
		if r == nil || !want(f) || len(r.Trace) == 0 {
			continue
		}
		fmt.Fprintf(out, "%s\n", report.Func(f.Name, f.Unit.Path))
		for _, t := range r.Trace {
			at := e.Step(f, t.Instr)
			fmt.Fprintf(out, "\t%s:%d\t%s\t%s\n", at.File, at.Line, e.callText(f, t.Instr), states(t, f.Unit.Path))
		}
		for _, ev := range r.Summary.Events {
			fmt.Fprintf(out, "\tsummary: %s\n", eventText(&ev, f.Unit.Path))
		}
		for _, x := range r.Summary.Exits {
			if len(x.Acquired) > 0 || len(x.Released) > 0 {
				fmt.Fprintf(out, "\texit: acquires %s, releases %s\n", heldText(x.Acquired, ""), lockTexts(x.Released))
			}
		}
		if len(r.Summary.Exits) == 0 {
			fmt.Fprintf(out, "\texit: none\n")
		}
	}
	return out.Flush()
}

// PrintEffects prints the packages of functions that want picks as the engine sees them, in the form that package effects describes.
func (e *Engine) PrintEffects(w io.Writer, want func(*effects.Func) bool) error {
	for _, u := range e.units {
		if !slices.ContainsFunc(u.Funcs, want) {
			continue
		}
		if err := text.Print(w, u); err != nil {
			return err
		}
	}
	return nil
}

// PrintThreads prints the goroutines that functions start which want picks, and which of these functions only one goroutine runs.
func (e *Engine) PrintThreads(w io.Writer, want func(*effects.Func) bool) error {
	out := bufio.NewWriter(w)
	for _, t := range e.Threads.Threads() {
		if t.By != nil && want(t.By) {
			fmt.Fprintln(out, t)
		}
	}
	for _, f := range e.Funcs {
		if !want(f) {
			continue
		}
		t := e.Threads.Thread(f)
		if t == nil {
			continue
		}
		fmt.Fprintf(out, "%s runs in: %s\n", report.Func(f.Name, f.Unit.Path), t)
		for _, o := range e.Threads.Owns(f) {
			fmt.Fprintf(out, "\tthe object is %s\n", o.In(f))
		}
	}
	return out.Flush()
}

// callText returns what a call calls, as the source has it.
func (e *Engine) callText(f *effects.Func, v effects.V) string {
	in := f.At(v)
	verb := ""
	switch in.How {
	case effects.Deferred:
		verb = "deferred "
	case effects.Started:
		verb = "go "
	}
	if callee := e.Syntax.Callee(f, v); callee != "" {
		return verb + callee + "()"
	}
	if in.Sym != "" {
		return verb + in.Sym
	}
	return verb + "call"
}

func states(t held.HeldAt, pkg string) string {
	var sets []string
	for _, s := range t.States {
		sets = append(sets, heldText(s, pkg))
	}
	slices.Sort(sets)
	return strings.Join(slices.Compact(sets), " or ")
}

func heldText(hs []summary.Held, pkg string) string {
	var names []string
	for _, h := range hs {
		n := lockText(h.Lock)
		if !h.Must {
			n += "?"
		}
		names = append(names, n)
	}
	return "{" + strings.Join(names, ", ") + "}"
}

func lockTexts(ls []summary.Lock) string {
	var names []string
	for _, l := range ls {
		names = append(names, lockText(l))
	}
	return "{" + strings.Join(names, ", ") + "}"
}

func lockText(l summary.Lock) string {
	s := l.Path.Class
	if s == "" {
		s = "(" + l.Path.Ref + ")" + l.Path.Pretty()
	}
	if l.Mode != 0 {
		s += "(read)"
	}
	return s
}

func eventText(ev *summary.Event, pkg string) string {
	s := "acquires " + lockText(ev.Lock)
	if ev.Kind == summary.CallParam {
		s = "calls parameter " + ev.Lock.Path.Ref + " " + ev.Method
	}
	if len(ev.Inner) > 0 {
		s += " holding " + heldText(ev.Inner, pkg)
	}
	if len(ev.Released) > 0 {
		s += " after releasing " + lockTexts(ev.Released)
	}
	for _, c := range ev.Cond {
		s += " if " + c.String()
	}
	return s
}
