package lockset

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// doubtFactor lowers a cycle that a lock of one class stands across on both sides:
// if it is always the same lock, there is no deadlock.
const doubtFactor = 30

// testFactor lowers a cycle of which only a part is in test files: tests often stand
// in for one side of the program in ways that the program does not.
const testFactor = 50

func mixesTest(edges []lockgraph.Edge) bool {
	tests := 0
	for _, e := range edges {
		if strings.HasSuffix(e.Acquire[0].File, "_test.go") {
			tests++
		}
	}
	return tests > 0 && tests < len(edges)
}

// cycles reports the cycles that this package is the first to see whole.
func (v *View) cycles(e *Engine) []report.Finding {
	if len(v.Own.Edges) == 0 && !v.joins() {
		return nil
	}
	var out []report.Finding
	for _, c := range v.graph().Cycles(lockgraph.Options{}) {
		if !v.first(c) {
			continue
		}
		f := v.Cycle(c, e)
		if !v.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// joins reports whether two direct imports see different packages with edges.
func (v *View) joins() bool {
	for _, im := range v.Imports {
		all := true
		for path, s := range v.Below {
			if len(s.Edges) > 0 && !im.Closure[path] {
				all = false
			}
		}
		if all {
			return false
		}
	}
	return len(v.Imports) > 1
}

// first reports whether no import sees the whole cycle and some part of it is in
// the module under analysis.
func (v *View) first(c lockgraph.Cycle) bool {
	if !slices.ContainsFunc(c.Edges, func(e lockgraph.Edge) bool { return v.ours(e.Origin) }) {
		return false
	}
	for _, im := range v.Imports {
		seen := 0
		for _, e := range c.Edges {
			if v.sees(im, e) {
				seen++
			}
		}
		if seen == len(c.Edges) {
			return false
		}
	}
	return true
}

// sees reports whether an import knows an edge between the same classes.
func (v *View) sees(im Import, e lockgraph.Edge) bool {
	for path := range im.Closure {
		s := v.Below[path]
		if s == nil {
			continue
		}
		if slices.ContainsFunc(s.Edges, func(x lockgraph.Edge) bool {
			return x.From == e.From && x.To == e.To && x.FromMode == e.FromMode && x.ToMode == e.ToMode && x.Link == e.Link
		}) {
			return true
		}
	}
	return false
}

// Cycle words one cycle.
func (v *View) Cycle(c lockgraph.Cycle, e *Engine) report.Finding {
	edges := v.rotate(c.Edges)
	own := edges[0]
	f := report.Finding{Check: "lockorder", Package: v.Path, Confidence: c.Confidence, Fingerprint: c.Fingerprint()}
	if c.Doubt {
		f.Confidence = max(1, f.Confidence*doubtFactor/100)
	}
	if mixesTest(edges) {
		f.Confidence = max(1, f.Confidence*testFactor/100)
	}
	site := own.Acquire[0]
	if own.Origin == v.Path || len(v.Imports) == 0 {
		f.Pos = v.pos.pos(site)
		f.Posn = posn(site)
		f.End = f.Pos
		if e != nil {
			f.End = e.endOf(f.Pos)
		}
	} else {
		f.Pos, f.End = v.importOf(c)
		f.Posn = v.pos.fset.Position(f.Pos)
	}
	joined := ""
	if own.Origin != v.Path && len(v.Imports) > 0 {
		joined = " at " + report.At(site)
	}
	lock := func(cl lockgraph.Class) string { return report.Lock(cl, v.Path) }
	switch {
	case own.From == own.To:
		f.Message = fmt.Sprintf("another %s (%s) is %s while %s is %s%s, but %s locks them in the other order; two goroutines can deadlock",
			lock(own.To), linkText(own.Link), report.Locked(own.ToMode), lock(own.From), report.Held(own.FromMode), joined, report.At(edges[1].Acquire[0]))
	case len(edges) == 2:
		f.Message = fmt.Sprintf("%s is %s while %s is %s%s, but %s locks them in the other order; two goroutines can deadlock",
			lock(own.To), report.Locked(own.ToMode), lock(own.From), report.Held(own.FromMode), joined, report.At(edges[1].Acquire[0]))
	default:
		var names []string
		for _, x := range edges {
			names = append(names, lock(x.From))
		}
		names = append(names, names[0])
		f.Message = fmt.Sprintf("locking %s%s closes the cycle %s; goroutines on these paths can deadlock", lock(own.To), joined, strings.Join(names, " -> "))
	}
	for _, x := range edges {
		v.addSteps(&f, report.Trace(x.Held, lock(x.From), x.FromMode, v.Path, ""))
		v.addSteps(&f, report.Trace(x.Acquire, lock(x.To), x.ToMode, v.Path, fmt.Sprintf(" while %s is %s", lock(x.From), report.Held(x.FromMode))))
	}
	for _, w := range c.Writers {
		v.addSteps(&f, report.Trace(w.At, lock(w.Class), lockgraph.Write, v.Path, ", for writing; while it waits, readers wait behind it"))
	}
	return f
}

func linkText(link string) string {
	if inverse, ok := strings.CutPrefix(link, "^"); ok {
		return "whose " + inverse + " it is"
	}
	return "its " + link
}

// rotate returns the edges of a cycle with the one to report first: of this package
// if possible, the first by position.
func (v *View) rotate(edges []lockgraph.Edge) []lockgraph.Edge {
	best := 0
	for i := range edges {
		a, b := edges[i], edges[best]
		if c := cmp.Or(
			cmp.Compare(b2i(a.Origin != v.Path), b2i(b.Origin != v.Path)),
			cmp.Compare(b2i(!v.ours(a.Origin)), b2i(!v.ours(b.Origin))),
			compareFrames(a.Acquire[:1], b.Acquire[:1]),
			cmp.Compare(a.From, b.From)); c < 0 {
			best = i
		}
	}
	return slices.Concat(edges[best:], edges[:best])
}

// importOf returns the import spec that brings in the last part of a cycle.
func (v *View) importOf(c lockgraph.Cycle) (pos, end token.Pos) {
	var spec Import
	missing := slices.Clone(c.Edges)
	for _, im := range v.Imports {
		n := len(missing)
		missing = slices.DeleteFunc(missing, func(e lockgraph.Edge) bool { return v.sees(im, e) })
		if len(missing) < n {
			spec = im
		}
	}
	if spec.Spec == nil {
		return token.NoPos, token.NoPos
	}
	return spec.Spec.Pos(), spec.Spec.End()
}

// endOf returns the end of the call that starts at pos.
func (e *Engine) endOf(pos token.Pos) token.Pos {
	if e.ends == nil {
		e.ends = map[token.Pos]token.Pos{}
		for lparen, call := range e.calls {
			start := e.start(lparen)
			if end, ok := e.ends[start]; !ok || call.End() > end {
				e.ends[start] = call.End()
			}
		}
	}
	if end, ok := e.ends[pos]; ok {
		return end
	}
	return pos
}
