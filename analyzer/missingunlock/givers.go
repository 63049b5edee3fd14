package missingunlock

import (
	"go/token"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// givers are those who release for others, in the whole program.
type givers struct {
	kept  map[*effects.Func]bool // functions whose callers release what they left locked
	seen  map[*effects.Func]bool // functions all of whose callers are in view, and leave nothing locked
	class map[string]bool        // classes of locks that some function releases for whoever calls it
}

func findGivers(e *lockset.Engine) *givers {
	g := &givers{map[*effects.Func]bool{}, map[*effects.Func]bool{}, map[string]bool{}}
	open := e.Open()
	called := map[*effects.Func]bool{}
	for _, r := range e.Results {
		if r != nil {
			for _, c := range r.Contexts {
				called[c.Callee] = true
			}
		}
	}
	for fn := range called {
		if fn.ID >= 0 && !open[fn.ID] {
			g.seen[fn] = true
		}
	}
	for i, r := range e.Results {
		if r == nil {
			continue
		}
		if slices.ContainsFunc(r.Summary.Exits, func(x summary.Exit) bool { return len(x.Acquired) > 0 }) {
			for _, c := range r.Contexts {
				if c.Callee != r.Fn {
					delete(g.seen, c.Callee) // whose lock its caller may hand on
				}
			}
		}
		for _, fn := range r.Relieved {
			g.kept[fn] = true
		}
		if e.InPlace(i) || called[r.Fn] && !open[i] {
			continue // what its callers have locked
		}
		for _, x := range r.Summary.Exits {
			for _, l := range x.Released {
				g.class[l.Path.Class] = true
			}
		}
	}
	return g
}

// private reports whether only the package that declares a lock can name it.
func private(class string) bool {
	name := class[strings.LastIndexByte(class, '.')+1:]
	return name != "" && !token.IsExported(name)
}
