package unguarded

import (
	"go/token"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// fixes returns the fix of an access without its guard: to hold it, or to make a place atomic that nothing guards.
func (v view) fixes(x *guards.Violation) []report.Fix {
	e, fn := v.Engine, x.Site.Fn
	f := e.Source(fn)
	if f == nil {
		return nil
	}
	pos := func(s *guards.Site) token.Pos { return e.Syntax.Pos(s.Fn, s.Pos) }
	if x.Kind == guards.Lockless {
		var seen []token.Pos
		for _, s := range x.Place.Sites {
			seen = append(seen, pos(s))
		}
		return fix.One(e.Sources.MakeAtomic(f, pos(x.Site), seen))
	}
	if !x.Guard.Sibling {
		return nil
	}
	u := lockset.Unheld{Fn: fn, First: pos(x.Site), Reads: true, Place: x.Place.Class, Lock: x.Guard.Class, Param: x.Site.Param}
	here := true
	for _, s := range append([]*guards.Site{x.Site}, x.More...) {
		if s.Fn != fn {
			here = false
			continue
		}
		u.First, u.Reads = min(u.First, pos(s)), u.Reads && s.Op == access.Read
	}
	switch x.Kind {
	case guards.ReadLocked:
		return e.WriteFixes(fn, u.Lock)
	case guards.Unlocked:
		if here {
			return e.HoldFixes(u)
		}
	case guards.Unchecked:
		if fixes := e.OnceFixes(fn, u.Place, u.Lock); fixes != nil {
			return fixes
		}
		return e.CheckFixes(u)
	}
	return nil
}
