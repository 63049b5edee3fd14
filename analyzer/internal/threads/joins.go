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
	Case  int       // of a Select; -1 if the instruction is none
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
	one := func(by By, tells bool) []Event { return []Event{{v, by, tells, in.Args[0], -1}} }
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
	case effects.Select:
		var out []Event
		for i := 0; i < len(in.Args); i += 2 {
			out = append(out, Event{v, BySend, in.Args[i+1] != 0, in.Args[i], i / 2})
		}
		return out
	case effects.Call, effects.Invoke:
		switch {
		case in.Flags&effects.Joins != 0:
			return one(ByGroup, false)
		case in.Op == effects.Call && in.Flags&effects.Dynamic == 0 && strings.HasSuffix(in.Sym, ").Done") && len(in.Args) == 1 && isGroup(fn.At(in.Args[0]).Type):
			return one(ByGroup, true)
		}
	}
	return nil
}

func isGroup(t *effects.Type) bool { t = t.To(); return t != nil && t.Sync == effects.WaitGroup }

// class returns the class of what an event is about; "" if only callers can tell.
func (f *View) class(e Event) string {
	v := e.Obj
	if in := f.At(v); in.Op == effects.Load {
		v = in.Args[0]
	}
	return f.Path(nil, v).Class
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
		if c := f.class(e); c != "" && good(e) {
			out = append(out, c)
		}
	}
	return compact(out)
}

func compact(classes []string) []string {
	slices.Sort(classes)
	return slices.Compact(classes)
}

// waits returns the first instruction that runs when an event, a wait, is over; if it is a case of a Select, that is the first of what is done then, and 0 if
// others lead there, too.
func (f *View) over(e Event) effects.V {
	if e.Case < 0 {
		return e.At
	}
	if br := f.CaseOf(e.At, e.Case); br != 0 {
		if to := f.Blocks[f.Blocks[f.At(br).Block].Succs[0]]; len(to.Preds) == 1 {
			return to.First
		}
	}
	if in := f.At(e.At); len(in.Args) == 2 && in.Flags&effects.Blocking != 0 {
		return e.At
	}
	return 0
}

// maxAwait bounds the calls that are followed to where something is waited for.
const maxAwait = 2

// Awaited returns the classes of what has been waited for on every way to an instruction, sorted: by the function itself, and by calls. Of what is called the ways to those
// returns count which fit to what is known of the last result at the instruction, as in "if err := t.await(); err != nil { return }".
func (f *View) Awaited(at effects.V) []string { return compact(f.awaited(at, 0)) }

func (f *View) awaited(at effects.V, depth int) []string {
	out := f.classes(func(e Event) bool {
		v := effects.V(0)
		if !e.Tells && f.At(e.At).How == effects.AtOnce {
			v = f.over(e)
		}
		return v != 0 && (v == at && e.Case >= 0 || f.Before(v, at))
	})
	if depth >= maxAwait {
		return out
	}
	for v := f.First; int(v) < len(f.Code); v++ {
		if g := f.callee(v); g != nil && f.Before(v, at) && waitsSomewhere(g, maxAwait-depth) {
			out = append(out, f.awaitedBy(v, f.all.Of(g), at, depth)...)
		}
	}
	return out
}

// callee returns the one function in view that a call which returns before the next instruction calls; nil if it is none.
func (f *View) callee(v effects.V) *effects.Func {
	in := f.At(v)
	if in.Op != effects.Call || in.How != effects.AtOnce || in.Flags&effects.Dynamic != 0 || in.Fn == nil || len(in.Fn.Blocks) == 0 {
		return nil
	}
	return in.Fn
}

// waitsSomewhere reports whether a function, or one that it calls, has a wait; it looks at no more than it must, since it is asked for each call.
func waitsSomewhere(fn *effects.Func, depth int) bool {
	for i := range fn.Code {
		switch in := &fn.Code[i]; in.Op {
		case effects.Recv, effects.Select, effects.Wait:
			return true
		case effects.Call, effects.Invoke:
			if in.Flags&effects.Joins != 0 || depth > 1 && in.Op == effects.Call && in.How == effects.AtOnce && in.Fn != nil && in.Flags&effects.Dynamic == 0 && waitsSomewhere(in.Fn, depth-1) {
				return true
			}
		}
	}
	return false
}

// awaitedBy returns what a call of g has waited for.
func (f *View) awaitedBy(call effects.V, g *View, at effects.V, depth int) []string {
	known := f.resultAt(call, at)
	var out []string
	first := true
	g.Returns(func(ret effects.V) {
		if !g.fits(ret, known) {
			return
		}
		before := g.awaited(ret, depth+1)
		if first {
			out, first = before, false
			return
		}
		out = slices.DeleteFunc(out, func(c string) bool { return !slices.Contains(before, c) })
	})
	return out
}

// A known is a condition and whether it holds.
type known struct {
	effects.Condition
	holds bool
}

// resultAt returns what is known, at an instruction, of the last result of a call; without a value if nothing is.
func (f *View) resultAt(call, at effects.V) known {
	last := int32(0)
	if t := f.At(call).Type; t != nil && t.Kind == effects.Tuple {
		last = int32(len(t.Results) - 1)
	}
	given := f.Given(f.At(at).Block)
	for v := effects.V(1); int(v) < len(f.Code); v++ { // in a fixed order
		of := v
		if in := f.At(v); in.Op == effects.Extract && in.Index == last {
			of = in.Args[0]
		}
		if of != call {
			continue
		}
		for c, holds := range given {
			if c.Value == v {
				return known{c, holds}
			}
		}
	}
	return known{}
}

// fits reports whether a return may give what is known of the last result.
func (f *View) fits(ret effects.V, k known) bool {
	args := f.At(ret).Args
	if k.Value == 0 || len(args) == 0 {
		return true
	}
	r := args[len(args)-1]
	in := f.At(r)
	switch {
	case in.Op != effects.Const:
		return !k.holds || k.Equals != "=nil" || !f.failure(r)
	case k.Equals == "":
		return (in.Sym == "true") == k.holds
	}
	return ("="+in.Sym == k.Equals) == k.holds
}

// failure reports whether an error is not nil: one that is made here, a variable of a package, such as io.EOF, or what a
// context tells of its end.
func (f *View) failure(v effects.V) bool {
	switch in := f.At(v); in.Op {
	case effects.Box:
		return true
	case effects.Load:
		return f.Op(in.Args[0]) == effects.Global
	case effects.Invoke:
		return in.Sym == "Err" && in.Class == "context"
	case effects.Call, effects.Known:
		return in.Sym == "errors.New" || in.Sym == "fmt.Errorf"
	}
	return false
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
	if g == nil || depth > maxAwait || !waitsSomewhere(g, maxAwait+1-depth) {
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
		if f.startsAny(v) && f.Before(from, v) && f.comes(v, to, from) {
			return true
		}
	}
	return false
}

// MayWait reports whether something that may run between two instructions may wait for goroutines; from may be 0 for the start of the function.
func (f *View) MayWait(from, at effects.V) bool {
	for v := f.First; int(v) < len(f.Code); v++ {
		if v != from && v != at && mayWait(f.Func.Func, v, 0) && (from == 0 || f.comes(from, v, 0)) && f.comes(v, at, 0) {
			return true
		}
	}
	return false
}

// mayWait reports whether an instruction may wait for goroutines, as far as some looks into what it calls tell.
func mayWait(fn *effects.Func, v effects.V, depth int) bool {
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
		if mayWait(in.Fn, i, depth+1) {
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

// cutsOf returns the places of the function at which it has waited for a signal. in expresses paths of the function in terms of
// the one that starts the goroutine.
func (f *View) cutsOf(sig signal, from, to effects.V, in func(ident.Path) ident.Path) *cuts {
	c := newCuts()
	about := func(e Event) bool {
		return !e.Tells && f.At(e.At).How == effects.AtOnce && (e.By == ByGroup) == (sig.by == ByGroup) && in(f.Path(nil, e.Obj)).Same(sig.path)
	}
	var once []effects.V // receives outside of loops
	for _, e := range f.Events() {
		switch {
		case !about(e):
		case sig.by == ByGroup:
			c.instrs[e.At] = true
		default:
			once = append(once, f.receives(c, sig, e, from, to)...)
		}
	}
	once = slices.DeleteFunc(once, func(r effects.V) bool { return from == 0 || to == 0 || !f.Before(from, r) || !f.Before(r, to) })
	if sig.sends > 1 && sig.sends < many && len(once) >= sig.sends {
		for _, r := range once {
			c.instrs[r] = true
		}
	}
	f.waitsBelow(c, sig, in)
	return c
}

// receives adds what a receive from the channel of a signal tells. One receive waits for one send: if there may be
// more of these, there must be as many receives, or receives in a loop. What has been sent says nothing of a close that
// comes later. It returns the receive if it is one of those that must be counted.
func (f *View) receives(c *cuts, sig signal, e Event, from, to effects.V) (once []effects.V) {
	certain := sig.certain()
	if e.Case >= 0 {
		if first := f.over(e); first == e.At && certain {
			c.instrs[first] = true
		} else if br := f.CaseOf(e.At, e.Case); br != 0 && certain {
			b := f.At(br).Block
			c.edges[effects.Edge{From: b, To: f.Blocks[b].Succs[0]}] = e.At
		}
		return nil
	}
	if edge, ok := f.closedEdge(e.At); ok {
		c.edges[edge] = e.At
	}
	switch {
	case certain:
		c.instrs[e.At] = true
		f.bar(c, e.At, from, to)
	case sig.by == ByClose:
	case f.Graph().Loop[f.At(e.At).Block]:
		f.bar(c, e.At, from, to) // behind the loop, not in it
	default:
		return []effects.V{e.At}
	}
	return nil
}

// certain reports whether any receive is of the signal.
func (s signal) certain() bool { return s.sends == 0 || s.sends == 1 && s.by == BySend }

// closedEdge returns the edge that is taken if a receive has found the channel closed, as where a range over it ends.
func (f *View) closedEdge(recv effects.V) (e effects.Edge, ok bool) {
	for _, u := range f.Uses(recv) {
		if in := f.At(u); in.Op != effects.Extract || in.Index != 1 {
			continue
		}
		for _, br := range f.Uses(u) {
			if b := f.At(br).Block; f.Op(br) == effects.If && f.Blocks[b].Succs[0] != f.Blocks[b].Succs[1] {
				return effects.Edge{From: b, To: f.Blocks[b].Succs[1]}, true
			}
		}
	}
	return e, false
}

// waitsBelow adds the calls of functions that wait for a signal on every way to their ends.
func (f *View) waitsBelow(c *cuts, sig signal, in func(ident.Path) ident.Path) {
	if sig.by != ByGroup && !sig.certain() {
		return
	}
	for v := f.First; int(v) < len(f.Code); v++ {
		fn := f.callee(v)
		if fn == nil || !waitsSomewhere(fn, 1) {
			continue
		}
		g := f.all.Of(fn)
		t := f.Targets(v)[0]
		for _, e := range g.Events() {
			if !e.Tells && e.Case < 0 && g.At(e.At).How == effects.AtOnce && (e.By == ByGroup) == (sig.by == ByGroup) && g.EveryReturn(g.At(e.At).Block) &&
				in(f.outside(t, g.Path(nil, e.Obj))).Same(sig.path) {
				c.instrs[v] = true
			}
		}
	}
}
