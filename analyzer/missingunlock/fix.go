package missingunlock

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// keepFixes returns the fix of a lock that is kept at an exit. The best is to defer the
// unlock, if that changes no more than the exits that keep the lock; else the exit alone is
// mended, if the lock is held on every path to it. There is none if the function
// also takes the lock while it holds it: that Lock may be the bug.
func (f *finder) keepFixes(r *held.Result, k *held.Keep) []report.Fix {
	e := f.Engine
	src := e.Source(k.Fn)
	if src == nil || k.Held.Chain.Len != 1 || slices.ContainsFunc(r.Doubles, func(d held.Double) bool {
		return d.Chain.Len == 1 && d.Path.Same(k.Held.Path)
	}) {
		return nil
	}
	lock, ok := src.Lock(e.Pos(k.Fn, k.First))
	if !ok {
		return nil
	}
	span := spanOf(r, k)
	if span.again {
		return nil
	}
	if f.deferable(r, k, span) {
		if unlocks, ok := e.UnlockStmts(src, lock, k.Fn, span.releases); ok {
			if fx, ok := src.DeferUnlock(lock, unlocks); ok {
				return fix.One(fx, true)
			}
		}
	}
	if !k.All || !span.exits[k.Exit] || k.Held.Path.Kind == ident.Value && !src.Local(lock) {
		return nil // the lock is not found by the same expression for sure
	}
	// The expression is that of an unlock which the engine knows to be the right one.
	if !slices.ContainsFunc(span.releases, func(v effects.V) bool {
		s, ok := src.Stmt(e.Pos(k.Fn, v))
		return ok && lock.Unlocks(s.Stmt)
	}) {
		return nil
	}
	exit := k.Fn.At(k.Exit)
	if exit.Pos.IsValid() {
		if s, ok := src.Stmt(e.Pos(k.Fn, k.Exit)); ok {
			return fix.One(src.UnlockBefore(lock, s))
		}
		return nil
	}
	// A return without a position is the end of the body, or where a recovered panic leads.
	if exit.Op != effects.Return || int(exit.Block) == k.Fn.Recover {
		return nil
	}
	return fix.One(src.UnlockAtEnd(lock))
}

// A span is the part of a function in which a lock is held that it takes at one place.
type span struct {
	releases []effects.V
	exits    map[effects.V]bool // at which the lock may be held
	again    bool               // the lock may be taken again at the same place
}

// spanOf follows all ways from the acquisition of k to its releases and to exits.
func spanOf(r *held.Result, k *held.Keep) span {
	s := span{releases: r.Freed[k.First], exits: map[effects.V]bool{}}
	kept := map[effects.V]bool{} // exits known to keep it; not all are returns
	for i := range r.Keeps {
		if r.Keeps[i].First == k.First {
			kept[r.Keeps[i].Exit] = true
		}
	}
	k.Fn.Follow(k.First, func(v effects.V) bool {
		switch {
		case v == k.First:
			s.again = true
		case slices.Contains(s.releases, v):
		case kept[v] || k.Fn.Op(v) == effects.Return:
			s.exits[v] = true
		default:
			return true
		}
		return false
	})
	return s
}

// deferable reports whether the unlock of k can be deferred right behind the lock:
//
//   - every exit at which the lock is held is itself a finding, so none hands the lock to its caller;
//   - the releases are of this lock only, and are not passed twice;
//   - nothing else is deferred behind the lock, since it would run with the lock held;
//   - nothing behind a release blocks, takes a lock or calls a function that might.
func (f *finder) deferable(r *held.Result, k *held.Keep, s span) bool {
	wrong := map[effects.V]bool{}
	for i := range r.Keeps {
		if o := &r.Keeps[i]; o.First == k.First {
			c, ok := f.confidence(o)
			wrong[o.Exit] = wrong[o.Exit] || ok && c.Band() == report.Error
		}
	}
	for exit := range s.exits {
		if !wrong[exit] {
			return false
		}
	}
	for first, freed := range r.Freed {
		if first != k.First && slices.ContainsFunc(freed, func(v effects.V) bool { return slices.Contains(s.releases, v) }) {
			return false
		}
	}
	ok := true
	k.Fn.Follow(k.First, func(v effects.V) bool {
		ok = ok && v != k.First && (k.Fn.At(v).How != effects.Deferred || slices.Contains(s.releases, v))
		return ok
	})
	for _, release := range s.releases {
		deferred := k.Fn.At(release).How == effects.Deferred
		k.Fn.Follow(release, func(v effects.V) bool {
			ok = ok && !slices.Contains(s.releases, v) && (deferred || lockset.Calm(k.Fn, v))
			return ok
		})
	}
	return ok
}

// modeFixes returns the fix of an unlock of the wrong kind. There is none if the function
// takes the lock in that kind, too: it is then the order of the two that is wrong.
func (f *finder) modeFixes(s *held.Slip) []report.Fix {
	src := f.Engine.Source(s.Fn)
	if src == nil {
		return nil
	}
	stmt, ok := src.Stmt(f.Engine.Pos(s.Fn, s.Instr))
	if !ok {
		return nil
	}
	m, _, ok := fix.MethodOf(stmt.Stmt)
	other := strings.TrimSuffix(verb(s.Mode), "Unlock") + "Lock"
	if !ok || m.Name.Name != verb(s.Mode) || src.Named(m.X, other, "Try"+other, "RLocker") > 0 {
		return nil
	}
	return fix.One(src.Rename(m, verb(s.Mode.Other())))
}
