package sharedvar

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// owns returns where the goroutine of x could declare the variable anew, since nobody else reads what it assigns:
// it reads only what it has assigned itself, and so do all others. It is 0 if that is not so.
func (f *finder) owns(v *variable, r *race) effects.V {
	lit, site := r.x.Fn, r.start.Site
	if !r.x.write || r.who == threads.Self || lit.Parent != site.Fn || f.scope.OnlyRun(lit) != r.start || v.leaks {
		return 0
	}
	stores := map[*effects.Func]map[effects.V]bool{}
	for _, a := range v.sites {
		if a.place != "" || a.Fn != lit && inside(a.Fn, lit) {
			return 0
		}
		if stores[a.Fn] == nil {
			stores[a.Fn] = map[effects.V]bool{}
		}
		if a.write {
			stores[a.Fn][a.V] = true
		}
	}
	var first effects.V
	var reads, others bool
	for _, a := range v.sites {
		switch {
		case a.write && a.Fn == lit:
			if !a.Pos().IsValid() {
				return 0
			}
			if first == 0 || before(a.Pos(), lit.At(first).Pos) < 0 {
				first = a.V
			}
		case a.write:
		default:
			from := effects.V(0)
			if a.Fn == site.Fn {
				from = site.V
			}
			if f.scope.Reaches(a.Fn, from, a.V, stores[a.Fn]) {
				return 0
			}
			reads = reads || a.Fn == lit
			others = others || a.Fn != lit
		}
	}
	if !reads || !others {
		return 0 // one of the two variables would not be used
	}
	return first
}

// inside reports whether a function is a literal in another one, or that itself.
func inside(fn, outer *effects.Func) bool {
	for ; fn != nil; fn = fn.Parent {
		if fn == outer {
			return true
		}
	}
	return false
}
