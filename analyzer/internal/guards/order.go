package guards

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// Order between goroutines that does not come from locks: what is before they start, and after they have ended.

// any reports whether a function has an instruction for which is holds.
func any(fn *effects.Func, is func(Point) bool) bool {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		if is(Point{fn, v}) {
			return true
		}
	}
	return false
}

// joined reports whether goroutines have been waited for on every way to an instruction, and none has been
// started since.
func (m *mixer) joined(p Point) bool {
	return any(p.Fn, func(j Point) bool { return j.before(p) && m.isJoin(j, 0) && !startsBetween(j, p) })
}

// joinedAbove reports whether a caller on the way has waited before it calls.
func (m *mixer) joinedAbove(in *Situation) bool {
	for l := in.Via; l != nil; l = l.Up {
		if l.Kind == Called && m.joined(l.Site()) {
			return true
		}
	}
	return false
}

// maxJoin bounds the calls that are followed to where goroutines are waited for.
const maxJoin = 2

// isJoin reports whether an instruction waits for goroutines, itself or in a function of the package that does on
// every way to its end.
func (m *mixer) isJoin(p Point, depth int) bool {
	in := p.instr()
	switch {
	case in.How != effects.AtOnce:
		return false
	case in.Op == effects.Wait || in.Flags&effects.Joins != 0:
		return true
	case in.Op != effects.Call || depth > maxJoin || m.of[in.Fn] == nil:
		return false
	}
	waits, known := m.joins[in.Fn]
	if !known {
		m.joins[in.Fn] = false
		waits = any(in.Fn, func(j Point) bool { return m.isJoin(j, depth+1) && in.Fn.EveryReturn(j.instr().Block) })
		m.joins[in.Fn] = waits
	}
	return waits
}

// startsBetween reports whether a go statement may run between two instructions, of which the first dominates the
// second.
func startsBetween(from, to Point) bool {
	return any(from.Fn, func(g Point) bool {
		return g.instr().How == effects.Started && from.before(g) && g.avoiding(to, from.instr().Block)
	})
}

// beforeGo reports whether an instruction comes before all go statements of its function, and before one on
// every way to that.
func (m *mixer) beforeGo(p Point) bool {
	first := false
	late := func(g Point) bool {
		first = first || p.before(g)
		return g.leads(p)
	}
	if any(p.Fn, func(g Point) bool { return g.instr().How == effects.Started && late(g) }) {
		return false
	}
	uses := m.of[p.Fn].uses
	return !slices.ContainsFunc(uses, func(u Use) bool { return u.Kind == Started && late(u.Site()) }) && first
}

// somethingBefore reports whether a receive comes before an instruction on every way to it, perhaps of the news that the others
// are done; or a call of a function of the package that is not written in Go: it may order memory, or keep others away.
func (m *mixer) somethingBefore(p Point) bool {
	return any(p.Fn, func(q Point) bool {
		in := q.instr()
		foreign := in.Op == effects.Call && in.How == effects.AtOnce && in.Class == m.Path && (in.Fn == nil || len(in.Fn.Blocks) == 0)
		return (foreign || receives(in)) && q.before(p)
	})
}

func receives(in *effects.Instr) bool { return in.Op == effects.Recv || in.Op == effects.Select }

// lastOne reports whether an instruction, or a call on the way to it, runs only if an atomic Add has given a certain
// number: nobody else refers to the object any more.
func (m *mixer) lastOne(p Point, in *Situation) bool {
	if counted(p) {
		return true
	}
	for l := in.Via; l != nil && l.Kind == Called; l = l.Up {
		if counted(l.Site()) {
			return true
		}
	}
	return false
}

func counted(p Point) bool {
	return any(p.Fn, func(q Point) bool {
		br := q.instr()
		if br.Op != effects.If {
			return false
		}
		test, then := p.Fn.At(br.Args[0]), p.Fn.Blocks[br.Block].Succs[0]
		if test.Sym == "!=" {
			then = p.Fn.Blocks[br.Block].Succs[1]
		}
		return test.Op == effects.Compare && (test.Sym == "==" || test.Sym == "!=") && p.Fn.Op(test.Args[1]) == effects.Const &&
			len(p.Fn.Blocks[then].Preds) == 1 && p.Fn.Graph().Dominates(then, p.instr().Block) && addResult(p.Fn, test.Args[0], 0)
	})
}

// addResult reports whether a value is the result of an atomic Add, perhaps returned by a function.
func addResult(fn *effects.Func, v effects.V, depth int) bool {
	in := fn.At(v)
	switch {
	case in.Op == effects.Atomic:
		return strings.HasPrefix(in.Sym, "Add")
	case in.Op != effects.Call || in.Fn == nil || depth > 2:
		return false
	}
	found := false
	in.Fn.Returns(func(ret effects.V) {
		rs := in.Fn.At(ret).Args
		found = found || len(rs) == 1 && addResult(in.Fn, rs[0], depth+1)
	})
	return found
}

// mayWait reports whether an instruction may wait for goroutines: a receive, or a call of what is neither of the standard library
// nor known not to.
func (a *analysis) mayWait(p Point) bool {
	in := p.instr()
	switch {
	case receives(in):
		return true
	case !in.Op.Calls() || in.How != effects.AtOnce || in.Op == effects.Builtin || in.Op == effects.Close || in.Op >= effects.Acquire && in.Op <= effects.NewCond:
		return false
	case in.Op == effects.Invoke || in.Flags&effects.Dynamic != 0 || in.Op == effects.Wait || in.Op == effects.CondWait:
		return true
	}
	first, _, _ := strings.Cut(in.Class, "/")
	return strings.Contains(first, ".") || in.Class == a.Path || in.Class == "" || strings.HasSuffix(in.Sym, ".Wait")
}

// startOf returns the go statement, or the call that starts goroutines, by which a literal, or one around it, of
// a function comes to run; nothing if there is none.
func (m *mixer) startOf(fn, above *effects.Func) Point {
	for ; fn != nil && fn != above; fn = fn.Parent {
		by := m.of[fn.Parent]
		if by == nil {
			continue
		}
		if i := slices.IndexFunc(by.uses, func(u Use) bool { return u.Kind == Started && u.Fn == fn }); i >= 0 {
			return by.uses[i].Site()
		}
	}
	return Point{}
}

// ordered reports whether the goroutine of an atomic access is started by a function on the way to the plain
// one, so that meet has compared the two.
func (m *mixer) ordered(s *Site, in, oin *Situation) bool {
	r := m.roots[oin.Root]
	if r.Kind != Goroutine {
		return false
	}
	for l := in.Via; l != nil; l = l.Up {
		if l.By == r.Site.Fn {
			return true
		}
	}
	return r.Site.Fn == s.Fn
}
