package blocking

import (
	_ "embed"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

//go:embed doc.go
var doc string

const name = "blocking"

// V is the number of an instruction and of its value.
type V = effects.V

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

// find returns the waits of one package that hold a lock which all who could end them need.
func find(v *lockset.View) []report.Finding {
	m := v.Waits()
	if m == nil {
		return nil
	}
	c := &checker{View: v, m: m, views: map[*effects.Func]*resolve.Func{}, taken: map[*effects.Func][]acquisition{}, callers: map[*effects.Func]map[*effects.Func]bool{}, byFn: map[*effects.Func][]wait{}}
	var out []report.Finding
	all := c.waits()
	for _, w := range all {
		c.byFn[w.at.Fn] = append(c.byFn[w.at.Fn], w)
	}
	for _, w := range all {
		b, ok := c.blocked(w)
		if !ok {
			continue
		}
		f := c.word(b)
		if !v.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// A checker looks at one package.
type checker struct {
	*lockset.View
	m       *waits.Model
	views   map[*effects.Func]*resolve.Func
	taken   map[*effects.Func][]acquisition
	callers map[*effects.Func]map[*effects.Func]bool // see above
	byFn    map[*effects.Func][]wait
}

// view returns a function in view of the program.
func (c *checker) view(fn *effects.Func) *resolve.Func {
	f := c.views[fn]
	if f == nil {
		f = resolve.New(c.Engine.Facts(), fn)
		c.views[fn] = f
	}
	return f
}
