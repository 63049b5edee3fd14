package lockorder

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

//go:embed doc.go
var doc string

const name = "lockorder"

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find, Rest: rest}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

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

// A view is what one package sees.
type view struct{ *lockset.View }

// find returns the cycles that a package is the first to see whole.
func find(lv *lockset.View) []report.Finding {
	v := view{lv}
	if len(v.Own.Edges) == 0 && !v.joins() {
		return nil
	}
	var out []report.Finding
	for _, c := range v.Graph().Cycles(lockgraph.Options{}) {
		if !v.first(c) {
			continue
		}
		if f := v.finding(c); !v.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// rest returns the cycles of which no package sees the whole. They are reported in the first of their packages.
func rest(w *lockset.Whole) []report.Finding {
	var out []report.Finding
	for _, c := range w.Graph().Cycles(lockgraph.Options{}) {
		if w.Seen(c.Fingerprint()) {
			continue
		}
		var origins []string
		for _, e := range c.Edges {
			origins = append(origins, e.Origin)
		}
		lv := w.View(origins)
		if lv == nil {
			continue
		}
		if f := (view{lv}).finding(c); !lv.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// joins reports whether two direct imports see different packages with edges.
func (v view) joins() bool {
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
func (v view) first(c lockgraph.Cycle) bool {
	if !slices.ContainsFunc(c.Edges, func(e lockgraph.Edge) bool { return v.Ours(e.Origin) }) {
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
func (v view) sees(im lockset.Import, e lockgraph.Edge) bool {
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

// finding words one cycle.
func (v view) finding(c lockgraph.Cycle) report.Finding {
	edges := v.rotate(c.Edges)
	own := edges[0]
	f := report.Finding{Check: name, Package: v.Path, Fingerprint: c.Fingerprint()}
	f.Weigh(confidence(c, edges))
	site, joined := own.Acquire[0], ""
	if own.Origin == v.Path || len(v.Imports) == 0 {
		v.Stand(&f, site)
		f.End = v.Engine.Syntax.EndOf(f.Pos)
	} else {
		f.Pos, f.End = v.importOf(c)
		f.Posn = v.Position(f.Pos)
		joined = " at " + report.At(site)
	}
	f.Message = v.message(edges, joined)
	for _, x := range edges {
		from, to := v.lock(x.From), v.lock(x.To)
		v.AddSteps(&f, report.Trace(x.Held, from, x.FromMode, v.Path, ""))
		v.AddSteps(&f, report.Trace(x.Acquire, to, x.ToMode, v.Path, fmt.Sprintf(" while %s is %s", from, report.Held(x.FromMode))))
	}
	for _, w := range c.Writers {
		v.AddSteps(&f, report.Trace(w.At, v.lock(w.Class), lockgraph.Write, v.Path, ", for writing; while it waits, readers wait behind it"))
	}
	return f
}

// confidence weighs a cycle.
func confidence(c lockgraph.Cycle, edges []lockgraph.Edge) report.Confidence {
	conf := report.Sure(c.Confidence, "the weakest of the orders")
	if c.Doubt {
		conf.Times(doubtFactor, "a lock of one class is held on both sides: if it is always the same, there is no deadlock")
	}
	if mixesTest(edges) {
		conf.Times(testFactor, "one side is a test, the other is not")
	}
	return conf
}

func (v view) lock(c lockgraph.Class) string { return report.Lock(c, v.Path) }

// message words the verdict. Joined tells where the first edge is, if it is not where the finding stands.
func (v view) message(edges []lockgraph.Edge, joined string) string {
	own := edges[0]
	to := v.lock(own.To)
	if own.From != own.To && len(edges) > 2 {
		var names []string
		for _, x := range edges {
			names = append(names, v.lock(x.From))
		}
		names = append(names, names[0])
		return fmt.Sprintf("locking %s%s closes the cycle %s; goroutines on these paths can deadlock", to, joined, strings.Join(names, " -> "))
	}
	if own.From == own.To {
		to = fmt.Sprintf("another %s (%s)", to, linkText(own.Link))
	}
	return fmt.Sprintf("%s is %s while %s is %s%s, but %s locks them in the other order; two goroutines can deadlock",
		to, report.Locked(own.ToMode), v.lock(own.From), report.Held(own.FromMode), joined, report.At(edges[1].Acquire[0]))
}

func linkText(link string) string {
	if inverse, ok := strings.CutPrefix(link, "^"); ok {
		return "whose " + inverse + " it is"
	}
	return "its " + link
}

// rotate returns the edges of a cycle with the one to report first: of this package
// if possible, the first by position.
func (v view) rotate(edges []lockgraph.Edge) []lockgraph.Edge {
	best := 0
	for i := range edges {
		a, b := edges[i], edges[best]
		if c := cmp.Or(
			-compareBool(a.Origin == v.Path, b.Origin == v.Path),
			-compareBool(v.Ours(a.Origin), v.Ours(b.Origin)),
			report.CompareFrames(a.Acquire[:1], b.Acquire[:1]),
			cmp.Compare(a.From, b.From)); c < 0 {
			best = i
		}
	}
	return slices.Concat(edges[best:], edges[:best])
}

// importOf returns the import spec that brings in the last part of a cycle.
func (v view) importOf(c lockgraph.Cycle) (pos, end token.Pos) {
	var spec lockset.Import
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

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
