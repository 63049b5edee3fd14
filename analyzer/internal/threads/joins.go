package threads

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// An Event is one thing that an instruction does by which goroutines order themselves, other than by locks and atomics: it waits, or it tells others
// that it has come so far.
type Event struct {
	At    effects.V
	By    By
	Tells bool
	Obj   effects.V // the WaitGroup, group or channel
	Case  int       // of a Select, from 1; 0 if the instruction is none
	Alike bool      // the object is of a type that is like a WaitGroup: what its method does is not known
}

// A By is what an event is done by.
type By uint8

const (
	ByGroup By = iota // Wait; Done
	BySend            // receive; send
	ByClose           // close: a receive waits for it, too, and is told as BySend
)

// Events returns what the instructions of the function do, in order; what is deferred stands where it is deferred, and what is started in
// another goroutine is left out.
func (f *View) Events() []Event {
	if f.events == nil {
		f.events = []Event{}
		for v := f.First; int(v) < len(f.Code); v++ {
			f.events = append(f.events, eventsAt(f.Func.Func, v)...)
		}
	}
	return f.events
}

// eventsAt returns what an instruction does: one event, or one for each case of a Select.
func eventsAt(fn *effects.Func, v effects.V) []Event {
	in := fn.At(v)
	one := func(by By, tells bool) []Event { return []Event{{At: v, By: by, Tells: tells, Obj: in.Args[0]}} }
	if in.How == effects.Started {
		return nil
	}
	switch in.Op {
	case effects.Recv:
		return one(BySend, false)
	case effects.Send:
		return one(BySend, true)
	case effects.Close:
		return one(ByClose, true)
	case effects.Wait:
		return one(ByGroup, false)
	case effects.Done:
		return one(ByGroup, true)
	case effects.Add:
		if n := fn.At(in.Args[1]); n.Op == effects.Const && strings.HasPrefix(n.Sym, "-") {
			return one(ByGroup, true)
		}
	case effects.Select:
		var out []Event
		for i := 0; i < len(in.Args); i += 2 {
			out = append(out, Event{At: v, By: BySend, Tells: in.Args[i+1] != 0, Obj: in.Args[i], Case: i/2 + 1})
		}
		return out
	case effects.Call, effects.Invoke:
		done := in.Op == effects.Call && in.Flags&effects.Dynamic == 0 && strings.HasSuffix(in.Sym, ").Done") && len(in.Args) == 1 && isGroup(fn.At(in.Args[0]).Type)
		if done || in.Flags&effects.Joins != 0 {
			return []Event{{At: v, By: ByGroup, Tells: done, Obj: in.Args[0], Alike: true}}
		}
	}
	return nil
}

func isGroup(t *effects.Type) bool { t = t.To(); return t != nil && t.Sync == effects.WaitGroup }

// Class returns the class of the WaitGroup, group or channel of an event; "" if only callers can tell.
func (f *View) Class(e Event) string { return f.place(e).Class }

// place returns where the WaitGroup, group or channel of an event is.
func (f *View) place(e Event) ident.Path {
	v := e.Obj
	if in := f.At(v); in.Op == effects.Load {
		v = in.Args[0]
	}
	return f.Path(nil, v)
}

// Tells returns the classes by which the function itself tells others that it has come so far: Done, send, close.
func (f *View) Tells() []string {
	return f.classes(func(e Event) bool { return e.Tells })
}

// Closed returns the classes of the channels that the function has closed on every way to an instruction.
func (f *View) Closed(at effects.V) []string {
	return f.classes(func(e Event) bool {
		return e.By == ByClose && f.At(e.At).How == effects.AtOnce && f.Before(e.At, at)
	})
}

// classes returns the classes, sorted, of the events for which good holds.
func (f *View) classes(good func(Event) bool) []string {
	var out []string
	for _, e := range f.Events() {
		if c := f.Class(e); c != "" && good(e) {
			out = append(out, c)
		}
	}
	return compact(out)
}

func compact(classes []string) []string {
	slices.Sort(classes)
	return slices.Compact(classes)
}

// over returns the first instruction that runs when an event, a wait, is over; if it is a case of a Select, that is the first of what is done then, and 0 if
// others lead there, too.
func (f *View) over(e Event) effects.V {
	if e.Case == 0 {
		return e.At
	}
	if edge, ok := f.CaseEdge(e.At, e.Case); ok {
		if to := f.Blocks[edge.To]; len(to.Preds) == 1 {
			return to.First
		}
	}
	if in := f.At(e.At); len(in.Args) == 2 && in.Flags&effects.Blocking != 0 {
		return e.At
	}
	return 0
}

// Joined reports whether some goroutines have been waited for on every way to an instruction by Wait of a WaitGroup or of a type like it, here
// or in a call, and none has been started since. Which ones is not asked.
func (f *View) Joined(at effects.V) (Proof, bool) {
	for v := f.First; int(v) < len(f.Code); v++ {
		if f.Before(v, at) && f.joins(v, 0) && !f.startsBetween(v, at) {
			return Proof{{f.Func.Func, v, "waits for goroutines"}}, true
		}
	}
	return nil, false
}

// joins reports whether an instruction waits for goroutines of a group, itself or in a function that does on every way to its end.
func (f *View) joins(v effects.V, depth int) bool {
	if f.At(v).How != effects.AtOnce {
		return false
	}
	for _, e := range eventsAt(f.Func.Func, v) {
		if e.By == ByGroup && !e.Tells {
			return true
		}
	}
	g := f.callee(v)
	if g == nil || depth > maxAwait || !slices.Contains(f.waiting(), v) {
		return false
	}
	h := f.all.Of(g)
	for i := h.First; int(i) < len(h.Code); i++ {
		if h.joins(i, depth+1) && h.EveryReturn(h.At(i).Block) {
			return true
		}
	}
	return false
}

// startsBetween reports whether a goroutine may be started between two instructions, of which the first is before the second.
func (f *View) startsBetween(from, to effects.V) bool {
	for v := f.First; int(v) < len(f.Code); v++ {
		if f.startsAny(v) && f.Before(from, v) && f.Reaches(v, to, func(b int32) bool { return b == f.At(from).Block }) {
			return true
		}
	}
	return false
}

// MayWait reports whether something that may run between two instructions may wait for goroutines; from may be 0 for the start of the function.
func (f *View) MayWait(from, at effects.V) bool {
	for v := f.First; int(v) < len(f.Code); v++ {
		if v != from && v != at && maybeWaits(f.Func.Func, v, 0) && (from == 0 || f.Reaches(from, v, nil)) && f.Reaches(v, at, nil) {
			return true
		}
	}
	return false
}

// maybeWaits reports whether an instruction may wait for goroutines, as far as some looks into what it calls tell.
func maybeWaits(fn *effects.Func, v effects.V, depth int) bool {
	in := fn.At(v)
	switch {
	case in.How != effects.AtOnce:
		return false
	case in.Op == effects.Recv, in.Op == effects.Select, in.Op == effects.Wait, in.Op == effects.CondWait, in.Flags&effects.Joins != 0:
		return true
	case in.Op == effects.Invoke, in.Flags&effects.Dynamic != 0:
		return true
	case in.Op != effects.Call:
		return false
	case in.Fn == nil || len(in.Fn.Blocks) == 0:
		first, _, _ := strings.Cut(in.Class, "/")
		return strings.Contains(first, ".") || in.Class == fn.Unit.Path || strings.HasSuffix(in.Sym, ".Wait")
	case depth > 2:
		return true
	}
	for i := in.Fn.First; int(i) < len(in.Fn.Code); i++ {
		if maybeWaits(in.Fn, i, depth+1) {
			return true
		}
	}
	return false
}

// LastOne reports whether an instruction runs only if an atomic Add has given a certain number, as where the last of those who refer to an object lets go of it.
func (f *View) LastOne(at effects.V) bool {
	for c, holds := range f.Given(f.At(at).Block) {
		if holds && c.Equals != "" && atomicAdd(f.Func.Func, c.Value, 0) {
			return true
		}
	}
	return false
}

// atomicAdd reports whether a value is the result of an atomic Add, perhaps returned by a function.
func atomicAdd(fn *effects.Func, v effects.V, depth int) bool {
	in := fn.At(v)
	switch {
	case in.Op == effects.Atomic:
		return strings.HasPrefix(in.Sym, "Add")
	case in.Op != effects.Call || in.Fn == nil || in.Flags&effects.Dynamic != 0 || depth > 2:
		return false
	}
	found := false
	in.Fn.Returns(func(ret effects.V) {
		args := in.Fn.At(ret).Args
		found = found || len(args) == 1 && atomicAdd(in.Fn, args[0], depth+1)
	})
	return found
}
