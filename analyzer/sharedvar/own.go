package sharedvar

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/objects"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// owns returns where the goroutine of x could declare the variable anew, since nobody else reads what it assigns:
// it reads only what it has assigned itself, and so do all others. It is 0 if that is not so.
func (f *finder) owns(r *race) effects.V {
	lit, site, o := r.x.Access.Fn, r.start.Site, r.of
	if in := o.In.At(o.At); in.Op != effects.Alloc || in.Sym == "" || o.Leaks {
		return 0
	}
	if !r.x.Write || r.who == threads.Self || lit.Parent != site.Fn || f.scope.OnlyRun(lit) != r.start {
		return 0
	}
	stores := map[*effects.Func]map[effects.V]bool{}
	for _, a := range o.Sites {
		if a.Place != "" || a.Fn != lit && inside(a.Fn, lit) {
			return 0
		}
		if stores[a.Fn] == nil {
			stores[a.Fn] = map[effects.V]bool{}
		}
		if a.Write {
			stores[a.Fn][a.V] = true
		}
	}
	var first effects.V
	var reads, others bool
	for _, a := range o.Sites {
		switch {
		case a.Write && a.Fn == lit:
			if !a.Pos().IsValid() {
				return 0
			}
			if first == 0 || objects.Before(a.Pos(), lit.At(first).Pos) < 0 {
				first = a.V
			}
		case a.Write:
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
