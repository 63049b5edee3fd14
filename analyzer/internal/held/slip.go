package held

import (
	"cmp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A Slip is an unlock that cannot be right where it stands.
type Slip struct {
	Kind  SlipKind
	Fn    *effects.Func
	Instr V              // the unlock
	At    V              // where it happens: Instr, or the end of the function if Instr is deferred
	Path  ident.Path     // of the lock that it unlocks
	Mode  lockgraph.Mode // of the unlock
	First V              // the acquisition; SlipNever: of another lock, which the function never releases, or 0
	Since V              // SlipTwice: the unlock before
}

// A SlipKind is what is wrong with an unlock.
type SlipKind uint8

const (
	SlipMode  SlipKind = iota // Unlock of what is read-locked, or RUnlock of what is locked
	SlipTwice                 // it is unlocked already
	SlipNever                 // the function has not locked it, on no way: its callers may have
)

type unlockID struct {
	instr, at V
	path      ident.Path
}

// unlocking is what was seen of one unlock.
type unlocking struct {
	mode         lockgraph.Mode
	right        bool // it released what it names, at least once
	wrong, twice bool
	first        V
	alike        V // the acquisition of a lock that may be the same, only if two parameters are
}

// unlock notes what an unlock meets in a state.
func (k *keeping) unlock(w *walker, st *state, instr V, l summary.Lock) {
	if !l.Path.Exact() {
		return
	}
	at := instr
	if w.running != 0 {
		at = w.running
	}
	id := unlockID{instr, at, l.Path}
	u := k.unlocks[id]
	if u == nil {
		u = &unlocking{mode: l.Mode}
		k.unlocks[id] = u
	}
	may := false
	for _, h := range st.held {
		switch {
		case h.Path.Same(l.Path) && h.Mode == l.Mode:
			u.right = true
			return
		case h.Path.Same(l.Path) && h.Must:
			u.wrong, u.first = true, h.instr
			return
		case namesake(h.Path, l.Path) && h.instr != 0:
			u.alike = h.instr
		case h.Path.MaySame(l.Path):
			may = true
		}
	}
	if may {
		u.right = true
		return
	}
	u.twice = true
}

// slips returns the unlocks that cannot be right.
func (w *walker) slips() []Slip {
	var out []Slip
	k := &w.rec.keep
	for id, u := range k.unlocks {
		s := Slip{Fn: w.fn, Instr: id.instr, At: id.at, Path: id.path, Mode: u.mode, First: u.first}
		switch {
		case u.right, k.doubled[id.path]:
			continue
		case u.wrong && !u.twice:
			s.Kind = SlipMode
		case u.twice && !u.wrong && !k.takes(id.path):
			s.Kind, s.First = SlipNever, k.kept(w, id, u)
		case u.twice && !u.wrong:
			// The function took it for itself on every way to here, and has it no more.
			s.Kind = SlipTwice
			for first, freed := range k.freed {
				if _, lent := k.borrows[first]; lent || !w.locksPath(first, id.path) || !w.precedes(first, id) {
					continue
				}
				for _, f := range freed {
					if f != id.instr && w.Before(f, id.at) && (s.Since == 0 || cmp.Compare(f, s.Since) > 0) {
						s.First, s.Since = first, f
					}
				}
			}
			if s.Since == 0 {
				continue
			}
		default:
			continue
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Slip) int {
		return cmp.Or(cmp.Compare(a.Instr, b.Instr), cmp.Compare(a.At, b.At), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}

// namesake reports whether two locks are the same field of what two parameters, or variables of the package, point to.
func namesake(a, b ident.Path) bool {
	root := func(k ident.Kind) bool { return k == ident.Param || k == ident.Global }
	return root(a.Kind) && root(b.Kind) && (a.Kind != b.Kind || a.Ref != b.Ref) && a.Alike(b) && a.Exact() && b.Exact()
}

// takes reports whether the function locks at some place what may be the lock of the path.
func (k *keeping) takes(path ident.Path) bool {
	for _, places := range []map[V]ident.Path{k.own, k.borrows, k.tries} {
		for _, p := range places {
			if p.MaySame(path) && !namesake(p, path) {
				return true
			}
		}
	}
	return false
}

// kept returns the acquisition, before an unlock on every way, of another lock in the same mode that the function
// never releases, or 0.
func (k *keeping) kept(w *walker, id unlockID, u *unlocking) V {
	best := u.alike
	for first := range k.own {
		if len(k.freed[first]) == 0 && w.precedes(first, id) && (best == 0 || cmp.Compare(first, best) < 0) {
			best = first
		}
	}
	return best
}

// precedes reports whether an acquisition comes before an unlock on every way, or, if that
// is deferred, before its defer statement.
func (w *walker) precedes(first V, id unlockID) bool {
	return w.Before(first, id.instr) || id.at != id.instr && w.Before(first, id.at)
}

// locksPath reports whether first is a Lock of path itself.
func (w *walker) locksPath(first V, path ident.Path) bool {
	return w.rec.keep.own[first] == path
}
