package rlockrecursion

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/relock"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/lockgraph"
)

//go:embed doc.go
var doc string

const name = "rlockrecursion"

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

func find(v *lockset.View) []report.Finding {
	return relock.Find(v, name, (*relock.Double).Reads, func(d *relock.Double, f *report.Finding) {
		f.Message = message(d)
		w, ok := writer(d)
		if !ok {
			f.Times(30, "nothing in view locks it for writing")
			return
		}
		v.AddSteps(f, report.Trace(w.At, report.Lock(w.Class, v.Path), lockgraph.Write, v.Path, ", for writing"))
	})
}

func message(d *relock.Double) string {
	const tail = "; a writer waiting in between deadlocks both"
	if d.Direct() {
		return fmt.Sprintf("%s is read-locked again while read-locked since %s%s", d.Lock, d.Since, tail)
	}
	return fmt.Sprintf("calling %s read-locks %s (%s), which is read-locked since %s%s", d.Callee(), d.Lock, d.Leaf(), d.Since, tail)
}

// writer returns a write acquisition of the lock's class anywhere in view that can come while what else is held is held: the nearest.
func writer(d *relock.Double) (_ lockgraph.Acquisition, ok bool) {
	if d.Path.Class == "" {
		return lockgraph.Acquisition{}, false
	}
	gates := solve.Union(solve.Gates(d.Others, d.Path, d.Path), d.View.Engine.Entries[d.Fn.ID].Held)
	excluded := func(h lockgraph.Gate) bool {
		return slices.ContainsFunc(gates, func(g lockgraph.Gate) bool { return g.Class == h.Class && g.Mode.Excludes(h.Mode) })
	}
	ws := slices.DeleteFunc(slices.Clone(d.View.Graph().Writers(lockgraph.Class(d.Path.Class))), func(w lockgraph.Acquisition) bool {
		return slices.ContainsFunc(w.Held, excluded)
	})
	if len(ws) == 0 {
		return lockgraph.Acquisition{}, false
	}
	here := func(w lockgraph.Acquisition) int {
		if w.Origin == d.View.Path {
			return 0
		}
		return 1
	}
	return slices.MinFunc(ws, func(a, b lockgraph.Acquisition) int {
		return cmp.Or(cmp.Compare(here(a), here(b)), cmp.Compare(len(a.Held), len(b.Held)), report.CompareFrames(a.At, b.At))
	}), true
}
