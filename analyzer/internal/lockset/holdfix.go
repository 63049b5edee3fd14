package lockset

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"go/token"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// An Unheld is accesses of a function that lack a lock.
type Unheld struct {
	Fn    *effects.Func
	First token.Pos // of the accesses
	Reads bool      // they only read
	Place string    // class of what is touched
	Lock  string    // class of the lock
	Param int       // the parameter whose field the place is; -1 if it is none
}

// HoldFixes returns the fix of accesses without their guard: to hold it. There is one if the function does
// nothing else that takes time or locks, and if it can name the lock.
func (e *Engine) HoldFixes(u Unheld) []report.Fix {
	f := e.Source(u.Fn)
	if f == nil || !Quick(u.Fn, nil) {
		return nil
	}
	lock, rw, ok := u.expr(f)
	if !ok {
		return nil
	}
	if from, ok := f.Outermost(u.First); ok {
		return fix.One(f.Hold(lock, u.Reads && rw, from))
	}
	return nil
}

// CheckFixes returns the fix of a double check: to take the lock where the first check is.
func (e *Engine) CheckFixes(u Unheld) []report.Fix {
	f, r := e.Source(u.Fn), e.Results[u.Fn.ID]
	if f == nil || r == nil {
		return nil
	}
	c, ok := e.CriticalOf(f, r, u.Lock)
	if !ok || c.Lock.Unlock != "Unlock" || !Quick(u.Fn, c.Instrs) {
		return nil
	}
	from, ok := f.Outermost(u.First)
	if !ok || from.Pos() > c.Lock.Pos() {
		return nil
	}
	return fix.One(f.Hold(f.Source(c.Lock.X), false, from, append([]fix.Stmt{c.Lock.Stmt}, c.Unlocks...)...))
}

// expr returns how the function names the lock, and whether that can be read-locked.
func (u *Unheld) expr(f *fix.Func) (expr string, rw, ok bool) {
	owner, name := cutName(u.Lock)
	if owner == u.Fn.Unit.Path {
		rw, ok = f.Variable(name)
		return name, rw, ok
	}
	if u.Param < 0 || u.Param >= len(u.Fn.Params) {
		return "", false, false
	}
	p := u.Fn.At(u.Fn.Params[u.Param])
	t := p.Type.To()
	if placeOwner, _ := cutName(access.Base(u.Place)); owner != placeOwner || t == nil || t.Name != owner || p.Sym == "" || p.Sym == "_" {
		return "", false, false
	}
	for _, field := range t.Fields {
		if of := field.Type.To(); field.Name == name && of != nil && of.Kind != effects.Chan { // which is no mutex by its type
			expr = p.Sym + "." + name
			if field.Embedded {
				expr = p.Sym
			}
			return expr, of.Sync == effects.RWMutex, true
		}
	}
	return "", false, false
}

// cutName splits a class into what declares it, a type or package, and its name there.
func cutName(class string) (owner, name string) {
	i := strings.LastIndexByte(class, '.')
	return class[:max(i, 0)], class[i+1:]
}
