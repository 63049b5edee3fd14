package lockorder

import (
	"cmp"
	_ "embed"
	"go/token"
	"slices"

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

// A view is what one package sees.
type view struct{ *lockset.View }

// find returns the cycles that a package is the first to see whole.
func find(lv *lockset.View) []report.Finding {
	v := view{lv}
	if len(v.Own.Edges) == 0 && !v.joins() {
		return nil
	}
	var out []found
	for _, c := range v.Graph().Cycles(lockgraph.Options{}) {
		if !v.first(c) {
			continue
		}
		if f := v.finding(c); !v.Suppressed(&f) {
			out = append(out, found{f, v.rotate(c.Edges), v})
		}
	}
	return causes(out)
}

// rest returns the cycles of which no package sees the whole. They are reported in the first of their packages.
func rest(w *lockset.Whole) []report.Finding {
	var out []found
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
		v := view{lv}
		if f := v.finding(c); !lv.Suppressed(&f) {
			out = append(out, found{f, v.rotate(c.Edges), v})
		}
	}
	return causes(out)
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
