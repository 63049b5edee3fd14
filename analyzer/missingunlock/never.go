package missingunlock

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A lock that a function takes and leaves locked whichever way it returns stays so for ever if nobody unlocks what others have
// locked: who takes it next waits. That is certain for a field that only its package can name, and whose address goes nowhere
// but to the methods of the lock.

// givenBack are the classes of locks that some function releases without having taken them, or that can be released by another
// name.
type givenBack map[string]bool

func findGivenBack(e *lockset.Engine) *givenBack {
	g := givenBack{}
	for _, r := range e.Results {
		if r == nil {
			continue
		}
		for _, x := range r.Summary.Exits {
			for _, l := range x.Released {
				g[l.Path.Class] = true
			}
		}
		for i := range r.Slips {
			g[r.Slips[i].Path.Class] = true
		}
		for v := r.Fn.First; int(v) < len(r.Fn.Code); v++ {
			if in := r.Fn.At(v); in.Op == effects.Field && in.Class != "" && escapes(r.Fn, v) {
				g[in.Class] = true
			}
		}
	}
	return &g
}

// escapes reports whether the address of a lock goes elsewhere than to its own methods.
func escapes(fn *effects.Func, v effects.V) bool {
	if t := fn.At(v).Type.To(); t == nil || t.Sync != effects.Mutex && t.Sync != effects.RWMutex {
		return false
	}
	return slices.ContainsFunc(fn.Uses(v), func(u effects.V) bool {
		switch fn.Op(u) {
		case effects.Acquire, effects.Release, effects.TryAcquire:
			return false
		}
		return true
	})
}

// neverFreed reports the locks that a function takes and nobody unlocks.
func (f *finder) neverFreed(r *held.Result) {
	if r.Fn.Test || f.kept[r.Fn] || len(r.Summary.Exits) == 0 {
		return
	}
	g, t := *lockset.Learn(f.Engine, findGivenBack), lockset.Learn(f.Engine, findTakers)
	for _, v := range slices.Sorted(maps.Keys(r.Taken)) {
		p := r.Taken[v]
		if rest, ours := strings.CutPrefix(p.Class, f.Path+"."); !ours || strings.Contains(rest, "@") || !private(p.Class) || g[p.Class] {
			continue
		}
		if p.Kind != ident.Param && p.Kind != ident.Global || len(r.Freed[v]) > 0 || r.Fn.Op(v) != effects.Acquire || r.Fn.At(v).How != effects.AtOnce || !leftAlways(r, p) || !protects(r.Fn, v) {
			continue
		}
		if slices.ContainsFunc(r.Doubles, func(d held.Double) bool { return d.Path.Class == p.Class }) {
			continue // it does not even return
		}
		next, ok := f.next(t, r.Fn, p.Class)
		if !ok {
			continue
		}
		lock := f.Engine.LockName(r.Fn, v, 0, p)
		found := report.Finding{Check: name, Package: f.Path}
		found.Weigh(report.Sure(90, "the lock may be meant to stay locked"))
		f.StandAt(&found, r.Fn, v)
		at := f.Engine.Step(next.fn, next.at)
		found.Message = fmt.Sprintf("%s is locked here and never unlocked: who locks it next, as %s does at %s, waits for ever", lock, report.Func(next.fn.Name, f.Path), report.At(at))
		f.AddSteps(&found, []report.TraceStep{{Frame: at, Message: fmt.Sprintf("%s locks %s at %s", report.Func(next.fn.Name, f.Path), report.Lock(lockgraph.Class(p.Class), f.Path), report.At(at))}})
		found.Fingerprint = report.Fingerprint(name, "never", r.Fn.Name, p.Class)
		f.add(found)
	}
}

// protects reports whether a function touches, behind an acquisition, what stands beside the lock: other fields of the object, or
// package variables. A lock that is taken for nothing may be meant to keep others out for good.
func protects(fn *effects.Func, at effects.V) bool {
	lock := fn.At(fn.At(at).Args[0])
	for v := fn.First; int(v) < len(fn.Code); v++ {
		in := fn.At(v)
		if in.Op != effects.Load && in.Op != effects.Store || !fn.Reaches(at, v, nil) {
			continue
		}
		switch addr := fn.At(in.Args[0]); {
		case addr.Op == effects.Field && lock.Op == effects.Field && addr.Args[0] == lock.Args[0],
			addr.Op == effects.Global && lock.Op == effects.Global:
			return true
		}
	}
	return false
}

// leftAlways reports whether every way to return leaves a lock locked.
func leftAlways(r *held.Result, p ident.Path) bool {
	for _, x := range r.Summary.Exits {
		left := false
		for _, h := range x.Acquired {
			left = left || h.Must && !h.Loose && h.Path.Same(p)
		}
		if !left {
			return false
		}
	}
	return true
}

// A taking is where a function takes a lock.
type taking struct {
	fn *effects.Func
	at effects.V
}

// next returns another place outside of tests where a lock of the class is taken, the first by name; fn itself, if there is no other.
func (f *finder) next(t *takers, fn *effects.Func, class string) (taking, bool) {
	var best taking
	for _, o := range t.at[class] {
		if o.Test || best.fn != nil && best.fn != fn && (o == fn || o.Name >= best.fn.Name) {
			continue
		}
		taken := f.Engine.Results[o.ID].Taken
		for _, v := range slices.Sorted(maps.Keys(taken)) {
			if taken[v].Class == class {
				best = taking{o, v}
				break
			}
		}
	}
	return best, best.fn != nil
}
