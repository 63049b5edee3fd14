package chanleak

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// stranded reports goroutines whose starter can leave without doing its half of what they wait for.
func (s *scene) stranded() []leak {
	if s.last(s.home) {
		return nil
	}
	var out []leak
	for _, t := range s.threads {
		for _, op := range s.o.Ops {
			if t.funcs[op.Fn] && op.Waits() && s.alone(op) {
				if l, ok := s.strand(t, op); ok {
					out = append(out, l)
					break // the others have the same cause
				}
			}
		}
	}
	return out
}

// last reports whether the program ends with a function: it is main, or main calls it once.
func (s *scene) last(fn *effects.Func) bool {
	for range maxStarts {
		if fn.Parent == nil && !fn.Recv && fn.Unit.Name == "main" && strings.HasSuffix(fn.Name, ".main") {
			return true
		}
		by := s.m.Callers(fn)
		if len(by) != 1 || s.m.Open(fn) || s.m.Starts(by[0]) || by[0].Fn.Graph().Loop[by[0].At().Block] {
			return false
		}
		fn = by[0].Fn
	}
	return false
}

// alone reports whether an operation is all that its instruction waits for.
func (s *scene) alone(op waits.Op) bool { return op.Case == 0 || len(op.At().Args) == 2 }

func (s *scene) strand(t thread, op waits.Op) (leak, bool) {
	loop := s.loops(t, op)
	closes := op.Kind == waits.Recv && loop && s.drains(op)
	ends := s.ends(op, closes)
	many := loop || s.again(t)
	switch {
	case slices.ContainsFunc(ends, func(e waits.Op) bool { return !s.own[e.Fn] || t.funcs[e.Fn] }):
		return leak{}, false
	case op.Kind == waits.Send && (s.o.Size < 0 || s.o.Size > 0 && !loop), op.Kind == waits.Recv && loop && !closes:
		return leak{}, false
	case s.depends(t, op):
		return leak{}, false
	}
	find := s.newSearch(s.home)
	for v := range s.by(s.home, ends) {
		if find.fn.At(v).How == effects.Deferred && find.fn.Reaches(v, t.start.V, nil) {
			return leak{}, false // it is done when home ends, whichever way
		}
	}
	if op.Kind == waits.Recv || !many {
		s.stopAll(find, ends)
	} else if !s.stopEnds(find, ends) {
		return leak{}, false
	}
	find.over[s.o.Made.V] = true
	s.independent(find, t, op, many)
	find.count = s.by(s.home, ends)
	p := find.from(t.start.V)
	if p == nil || !loop && p.count > 1 { // who receives twice has counted
		return leak{}, false
	}
	l := s.wordStranded(t, op, p, many)
	if !many {
		l.fixes = s.roomFixes(t, op)
	}
	return l, true
}

// stopAll lets no way pass what could end the wait.
func (s *scene) stopAll(find *search, ends []waits.Op) {
	own := map[V]bool{}
	for _, e := range ends {
		if e.Fn == s.home {
			own[e.V] = true
			find.stop(e.V, e.Case)
		}
	}
	by := s.by(s.home, ends)
	for v := range by {
		if !own[v] {
			find.stops[v] = true
		}
	}
	s.stopLoops(find, by)
}

// stopEnds lets no way leave a loop over receives as loops end which have received all: only by another case of a select, or since there is
// an error.
func (s *scene) stopEnds(find *search, ends []waits.Op) bool {
	fn := s.home
	by := s.by(fn, ends)
	for v := range by {
		if fn.At(v).How == effects.Deferred {
			return false
		}
	}
	s.stopClosed(find, by)
	s.stopLoops(find, by)
	return true
}

// stopLoops lets no way leave loops that do something, or pass by them, unless early.
func (s *scene) stopLoops(find *search, by map[V]bool) {
	for _, l := range s.home.Loops() {
		if l.Has(s.o.Made.V) || !slices.ContainsFunc(slices.Collect(maps.Keys(by)), l.Has) {
			continue
		}
		for _, e := range append(l.Exits(), l.PassedBy()...) {
			if !s.early(find, e) {
				find.edges[e] = true
			}
		}
	}
}

// stopClosed lets no way go on as it does when the channel is closed, behind the receives.
func (s *scene) stopClosed(find *search, by map[V]bool) {
	fn := s.home
	for b := range fn.Blocks {
		br := fn.At(fn.Blocks[b].Last)
		if br.Op != effects.If {
			continue
		}
		for i, to := range fn.Blocks[b].Succs {
			cond, holds := fn.ConditionOf(br.Args[0], i == 0)
			if ok := fn.At(cond.Value); !holds && cond.Equals == "" && ok.Op == effects.Extract && ok.Index == 1 && by[ok.Args[0]] {
				find.edges[effects.Edge{From: int32(b), To: to}] = true
			}
		}
	}
}

// early reports whether a loop is left by an edge though there may be more to come: another case of a select has come first, or there is an error.
func (s *scene) early(find *search, e effects.Edge) bool {
	if _, ok := find.arms[e]; ok {
		return true // whether this case can be taken is asked elsewhere
	}
	br := s.home.At(s.home.Blocks[e.From].Last)
	if br.Op != effects.If {
		return s.fromArm(find, e.From)
	}
	if find.chooses(br.Args[0]) {
		return false
	}
	cond, holds := s.home.ConditionOf(br.Args[0], s.home.Blocks[e.From].Succs[0] == e.To)
	t := s.home.At(cond.Value).Type
	return cond.Equals == "=nil" && !holds && t != nil && t.Error || s.fromArm(find, e.From)
}

// fromArm reports whether a block, from where control leaves a loop, is only reached by a case of a select that is not one of the channel.
func (s *scene) fromArm(find *search, b int32) bool {
	for e, a := range find.arms {
		if len(s.home.Blocks[e.To].Preds) == 1 && s.home.Graph().Dominates(e.To, b) {
			objs, _ := s.m.Of(s.home, s.home.At(a.sel).Args[2*(a.which-1)])
			return !slices.Contains(objs, s.o)
		}
	}
	return false
}

// loops reports whether a goroutine comes to an operation again and again, while home is there.
func (s *scene) loops(t thread, op waits.Op) bool {
	for fn := range t.funcs {
		for v := range s.by(fn, []waits.Op{op}) {
			if fn.Graph().Loop[fn.At(v).Block] && s.round(fn, v, s.o.Size > 0 && op.Kind == waits.Send) {
				return true
			}
		}
	}
	return false
}

// round reports whether control can get from an instruction back to it without waiting for what home does when it leaves; or, if that is asked,
// for anything: then it comes again for certain.
func (s *scene) round(fn *effects.Func, v V, freely bool) bool {
	find := s.newSearch(fn)
	find.over[v] = true
	fn.Returns(func(ret V) { find.stops[ret] = true })
	for e, a := range find.arms {
		if s.parting(fn, fn.At(a.sel).Args[2*(a.which-1)]) {
			find.edges[e] = true
		}
	}
	for u := fn.First; int(u) < len(fn.Code); u++ {
		switch in := fn.At(u); {
		case u == v:
		case in.Op == effects.Recv, in.Op == effects.Send:
			find.stops[u] = find.stops[u] || freely || s.parting(fn, in.Args[0])
		case in.Op == effects.Select, in.Op == effects.Wait, in.Op == effects.CondWait:
			find.stops[u] = find.stops[u] || freely
		}
	}
	return find.from(v) != nil
}

// parting reports whether home does something to another channel or context when it ends.
func (s *scene) parting(fn *effects.Func, ch V) bool {
	objs, _ := s.m.Of(fn, ch)
	return slices.ContainsFunc(objs, func(o *waits.Object) bool {
		return o != s.o && slices.ContainsFunc(o.Ops, func(by waits.Op) bool { return by.Fn == s.home && by.Deferred() })
	})
}

// again reports whether several goroutines are started that have one channel.
func (s *scene) again(t thread) bool {
	if slices.ContainsFunc(s.threads, func(o thread) bool { return o.fn == t.fn && o.start != t.start }) {
		return true
	}
	made := s.home.At(s.o.Made.V).Block
	return s.home.Reaches(t.start.V, t.start.V, func(b int32) bool { return b == made })
}

// drains reports whether a receive is in a loop that only ends when the channel is closed.
func (s *scene) drains(op waits.Op) bool {
	if op.At().Flags&effects.CommaOK == 0 {
		return false
	}
	g, comp := op.Fn.Graph(), op.Fn.Graph().Comp[op.At().Block]
	for b := range op.Fn.Blocks {
		for i, to := range op.Fn.Blocks[b].Succs {
			if !g.Reached(int32(b)) || g.Comp[b] != comp || g.Comp[to] == comp {
				continue
			}
			br := op.Fn.At(op.Fn.Blocks[b].Last)
			if br.Op != effects.If {
				return false
			}
			cond, holds := op.Fn.ConditionOf(br.Args[0], i == 0)
			ok := op.Fn.At(cond.Value)
			if holds || cond.Equals != "" || ok.Op != effects.Extract || ok.Index != 1 || ok.Args[0] != op.V {
				return false
			}
		}
	}
	return true
}

// depends reports whether a goroutine comes to an operation only if something in memory says so that others may change.
func (s *scene) depends(t thread, op waits.Op) bool {
	found := false
	op.Fn.Branches(op.At().Block, func(cond V, _ bool) { found = found || s.changing(op.Fn, cond, 0) })
	if op.Fn != t.fn {
		for v := range s.by(t.fn, []waits.Op{op}) {
			t.fn.Branches(t.fn.At(v).Block, func(cond V, _ bool) { found = found || s.changing(t.fn, cond, 0) })
		}
	}
	return found
}

// changing reports whether a value was read from memory that others may change, or is what an atomic operation gives.
func (s *scene) changing(fn *effects.Func, v V, depth int) bool {
	in := fn.At(v)
	switch in.Op {
	case effects.Atomic:
		return true
	case effects.Load:
		addr := fn.At(in.Args[0])
		if addr.Op == effects.Free && !s.view(fn).StoresFree(s.view(fn).FreeIndex(in.Args[0])) {
			return s.storedLater(fn, in.Args[0])
		}
		return addr.Op != effects.Alloc
	}
	if depth > 6 || in.Op.Calls() || in.Op.Leaf() || in.Op == effects.Recv || in.Op == effects.Select {
		return false
	}
	return slices.ContainsFunc(in.Args, func(a V) bool { return a != 0 && s.changing(fn, a, depth+1) })
}

// storedLater reports whether a captured variable gets more than its first value.
func (s *scene) storedLater(fn *effects.Func, free V) bool {
	up, v := outward(fn, free)
	if v == 0 || up.Op(v) != effects.Alloc {
		return true
	}
	return s.view(up).Cell(v).Single() == 0
}

// independent lets no way pass what comes only when the goroutine is past its operation, or does without it: a case of a select, or a wait, for which the goroutine, or
// one that waits for it, does the other half.
func (s *scene) independent(find *search, t thread, op waits.Op, many bool) {
	for e, a := range find.arms {
		ch := find.fn.At(a.sel).Args[2*(a.which-1)]
		if s.tells(find.fn, ch, t, many) || many && s.canceledBelow(ch) {
			find.edges[e] = true
		}
	}
	for v := find.fn.First; int(v) < len(find.fn.Code); v++ {
		switch in := find.fn.At(v); in.Op {
		case effects.Wait, effects.CondWait:
			if s.waitsFor(waits.Spot{Fn: find.fn, V: v}, t, op) {
				find.over[v] = true
			} else {
				find.stops[v] = true // it may be for the goroutine
			}
		case effects.Recv, effects.Send:
			if s.tells(find.fn, in.Args[0], t, many) {
				find.stops[v] = true
			}
		}
	}
}

// waitsFor reports whether an instruction waits for a goroutine that says so only when it is past an operation.
func (s *scene) waitsFor(at waits.Spot, t thread, op waits.Op) bool {
	if op.Kind != waits.Send || at.At().How != effects.AtOnce || op.Fn != t.fn {
		return false
	}
	return slices.ContainsFunc(s.m.Groups, func(g *waits.Group) bool {
		return !g.Cond && slices.Contains(g.Waits, at) && slices.ContainsFunc(g.Ends, func(end waits.Spot) bool {
			if end.At().Op == effects.Start {
				return end == t.start
			}
			return end.Fn == t.fn && end.At().Op == effects.Done && (end.At().How == effects.Deferred || t.fn.Before(op.V, end.V))
		})
	})
}

// tells reports whether a goroutine of the scene, or this one if there is only one of its kind, uses another channel, by which it may tell how far it is.
func (s *scene) tells(fn *effects.Func, ch V, t thread, many bool) bool {
	objs, _ := s.m.Of(fn, ch)
	return slices.ContainsFunc(objs, func(o *waits.Object) bool {
		return o != s.o && slices.ContainsFunc(o.Ops, func(by waits.Op) bool {
			return by.Kind != waits.Recv && s.below[by.Fn] && (many || t.funcs[by.Fn])
		})
	})
}

// canceledBelow reports whether a context, of which the channel is the end, may be canceled by a goroutine of this function.
func (s *scene) canceledBelow(ch V) bool {
	in := s.home.At(ch)
	if in.Op != effects.Invoke || in.Sym != "Done" {
		return false
	}
	ex := s.home.At(in.Args[0])
	if ex.Op == effects.Load && s.home.Op(ex.Args[0]) == effects.Alloc {
		val := s.view(s.home).Cell(ex.Args[0]).Single()
		if val == 0 {
			return true
		}
		ex = s.home.At(val)
	}
	if ex.Op != effects.Extract {
		return false
	}
	for _, u := range s.home.Uses(ex.Args[0]) {
		c := s.home.At(u)
		if c.Op != effects.Extract || c.Index != 1 {
			continue
		}
		for _, use := range s.home.Uses(u) {
			if st := s.home.At(use); st.Op == effects.Store || st.Op == effects.Closure || st.Op.Calls() && st.How == effects.Started {
				return true
			}
		}
	}
	return false
}

// wordStranded makes a finding.
func (s *scene) wordStranded(t thread, op waits.Op, p *path, many bool) leak {
	l := leak{kind: "stranded", at: op.Spot, what: s.name(op), cause: waits.Spot{Fn: s.home, V: t.start.V}}
	noun, without := "send on", "receiving from it"
	switch {
	case op.Kind == waits.Recv:
		noun, without = "receive from", "sending on it or closing it"
		if op.At().Flags&effects.CommaOK != 0 {
			without = "closing it"
		}
	case many:
		without = "receiving all"
	}
	can := s.exit(s.home, p.end)
	if p.end == s.o.Made.V {
		can = "make the next channel"
	}
	l.message = fmt.Sprintf("%s %s can block forever: %s can %s without %s", noun, l.what, report.Func(s.home.Name, s.Path), can, without)
	l.steps = append(l.steps, s.step(s.o.Made, "makes "+l.what), s.step(t.start, "starts "+report.Func(t.fn.Name, s.Path)+" in a goroutine"))
	l.steps = append(l.steps, s.passed(s.home, p)...)
	l.inTest(s.home)
	return l
}

// exit names the end of a way.
func (s *scene) exit(fn *effects.Func, end V) string {
	if fn.At(end).Op == effects.Wait {
		return "wait for the goroutine at " + report.At(s.Engine.Step(fn, end))
	}
	if fn.At(end).Pos.IsValid() {
		return "return at " + report.At(s.Engine.Step(fn, end))
	}
	return "end"
}

// passed tells how a way leads to its end: which cases it takes, and where it ends.
func (s *scene) passed(fn *effects.Func, p *path) []report.TraceStep {
	var out []report.TraceStep
	for i, a := range p.arms {
		if i > 0 && p.arms[i-1].sel == a.sel {
			continue
		}
		ch := s.Engine.Syntax.Channel(fn, a.sel, a.which)
		if ch == "" {
			ch = "another channel"
		}
		verb := "receives from "
		if fn.At(a.sel).Args[2*(a.which-1)+1] != 0 {
			verb = "sends on "
		}
		out = append(out, s.step(waits.Spot{Fn: fn, V: a.sel}, verb+ch))
	}
	if fn.At(p.end).Op == effects.Return && fn.At(p.end).Pos.IsValid() {
		out = append(out, s.step(waits.Spot{Fn: fn, V: p.end}, "returns"))
	}
	return out
}
