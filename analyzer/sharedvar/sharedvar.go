package sharedvar

import (
	"cmp"
	_ "embed"
	"go/token"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

//go:embed doc.go
var doc string

const name = "sharedvar"

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

// find returns the objects on which goroutines race.
func find(v *lockset.View) []report.Finding {
	e := v.Engine
	in := &input{
		threads: e.Threads, facts: e.Facts(), locks: e.LocksAt,
		entry: func(fn *effects.Func) []lockgraph.Gate { return e.Entries[fn.ID].Held },
	}
	var out []report.Finding
	told := unguarded(v)
	for _, rs := range once(in, e.Declared(v.Path)) {
		type cause struct {
			start *threads.Run
			at    token.Pos
		}
		first := map[cause]int{} // variables that race at the same places are one bug
		for _, r := range rs {
			f := finding(v, &r)
			if told[source(r.x)] || told[source(r.y)] || v.Suppressed(&f) {
				continue
			}
			c := cause{r.start, f.Pos}
			if i, ok := first[c]; ok {
				v.AddSteps(&out[i], []report.TraceStep{{Frame: lockset.Step(r.at().Access.Spot), Message: "the same is so of " + r.place(r.x)}})
				continue
			}
			first[c] = len(out)
			out = append(out, f)
		}
	}
	return out
}

// A place is a line of a function.
type place struct {
	fn   int
	line int32
}

func source(s side) place { return place{s.Access.Fn.ID, s.Access.Pos().Line} }

// unguarded returns the accesses of which the check unguarded tells that they lack the lock which guards them: that is the same bug, and
// the better advice.
func unguarded(v *lockset.View) map[place]bool {
	told := map[place]bool{}
	for _, x := range v.Guards().Violations() {
		if x.Confidence.Band() != report.Error {
			continue
		}
		for _, s := range append([]*guards.Site{x.Site}, x.More...) {
			if s != nil { // what escapes has none
				told[place{s.Fn.ID, s.Pos.Line}] = true
			}
		}
	}
	return told
}

// once returns the races in functions. Two accesses that race for several reasons, since one function or several lead to them, are told
// once, for the surest reason and then the nearest. Functions that only others of the package call are looked at where these call them.
func once(in *input, fns []*effects.Func) [][]race {
	type pair struct {
		x, y   int
		vx, vy effects.V
	}
	type where struct{ i, k int }
	of := func(r *race) pair {
		x, y := r.x.Access, r.y.Access
		if p := (pair{y.Fn.ID, x.Fn.ID, y.V, x.V}); y.Fn.ID < x.Fn.ID || y.Fn.ID == x.Fn.ID && y.V < x.V {
			return p
		}
		return pair{x.Fn.ID, y.Fn.ID, x.V, y.V}
	}
	best := map[pair]where{}
	all := make([][]race, len(fns))
	entered := map[int]bool{}
	var running []lasting
	note := func(i int) {
		for k := range all[i] {
			p := of(&all[i][k])
			if old, ok := best[p]; !ok || surer(&all[i][k], &all[old.i][old.k]) {
				best[p] = where{i, k}
			}
		}
	}
	look := func(i int) {
		var more []lasting
		all[i], more = races(in, fns[i], func(fn *effects.Func) { entered[fn.ID] = true })
		running = append(running, more...)
		note(i)
	}
	for i, fn := range fns {
		if !in.threads.Helper(fn) {
			look(i)
		}
	}
	for i, fn := range fns {
		if in.threads.Helper(fn) && !entered[fn.ID] {
			look(i)
		}
	}
	all = append(all, besides(in, fns, running))
	note(len(all) - 1)
	for i := range all {
		kept := all[i][:0:0]
		for k := range all[i] {
			if best[of(&all[i][k])] == (where{i, k}) {
				kept = append(kept, all[i][k])
			}
		}
		all[i] = kept
	}
	return all
}

// surer reports whether a race is surer than another one, or as sure and nearer.
func surer(a, b *race) bool {
	return cmp.Or(cmp.Compare(a.confidence.percent, b.confidence.percent), -cmp.Compare(len(a.x.Way)+len(a.y.Way), len(b.x.Way)+len(b.y.Way))) > 0
}
