package solve

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// facts are what is known of fields and package variables before any function is walked.
type facts struct {
	mutable  map[string]bool // stored to after construction, by class
	siblings map[string]*sibling
	keeps
	elements elements
	errors   map[string]bool // variables that are given an error at the start, by class
}

// A sibling is the lock that a Locker or Cond field of the same object stands for.
type sibling struct {
	resolve.Sibling
	conflict bool // assigned differently in two places
}

// findFacts scans all functions.
func findFacts(fns []*effects.Func) *facts {
	fs := &facts{map[string]bool{}, map[string]*sibling{}, keeps{map[string]*resolve.Kept{}, map[string]bool{}, map[string]bool{}}, findElements(fns), map[string]bool{}}
	for _, fn := range fns {
		initializer := fn.Made && fn.Parent == nil && strings.HasSuffix(fn.Name, ".init")
		for v := fn.First; int(v) < len(fn.Code); v++ {
			in := fn.At(v)
			if in.Op != effects.Store {
				continue
			}
			fs.copied(fn.At(in.Args[1]).Type)
			switch addr := fn.At(in.Args[0]); addr.Op {
			case effects.Field:
				fs.store(fn, addr, in.Args[1])
				fs.keeps.store(fn, addr, in.Args[1])
			case effects.Global:
				if !initializer {
					fs.mutable[addr.Class] = true
				} else if val := fn.At(in.Args[1]); resolve.GivesError(val) || val.Op == effects.Box {
					fs.errors[addr.Class] = true
				}
			}
		}
	}
	return fs
}

// Sentinel reports whether a variable is an error that is never nil: it is given one at the start, and never set again. Those that other
// packages export are taken for such.
func (p *Program) Sentinel(pkg, class string) bool {
	rest, own := strings.CutPrefix(class, pkg+".")
	if own && !strings.Contains(rest, "/") {
		return p.facts.errors[class] && !p.facts.mutable[class]
	}
	name := class[strings.LastIndexByte(class, '.')+1:]
	return exportedField(name)
}

// Mutable reports whether a field or variable is stored to after its object was built, as far as a package can tell: of those
// of other packages that is not known.
func (p *Program) Mutable(pkg, class string) bool {
	if p.facts.mutable[class] {
		return true
	}
	rest, own := strings.CutPrefix(class, pkg)
	return !own || rest == "" || rest[0] != '.'
}

// Sibling returns the lock that the Locker or Cond in a field of a class always stands for.
func (fs *facts) Sibling(class string) (resolve.Sibling, bool) {
	s := fs.siblings[class]
	if s == nil || s.conflict {
		return resolve.Sibling{}, false
	}
	return s.Sibling, true
}

// store notes a store to a field.
func (fs *facts) store(fn *effects.Func, addr *effects.Instr, val effects.V) {
	owner, class := addr.Args[0], addr.Class
	if class != "" && fn.Op(owner) != effects.Alloc {
		fs.mutable[class] = true
	}
	if t := fn.At(owner).Type.To(); t != nil && t.Sync == effects.Cond && addr.Sym == "L" { // s.cond.L = &s.mu stands for s.cond
		outer := fn.At(owner)
		if outer.Op != effects.Field {
			return
		}
		owner, class = outer.Args[0], outer.Class
	}
	if class == "" || !standsForLock(addr.Type.To()) {
		return
	}
	s := &sibling{conflict: true}
	if lock, read := lockBehind(fn, val); lock != nil && lock.Args[0] == owner {
		s = &sibling{Sibling: resolve.Sibling{Name: lock.Sym, Class: lock.Class, Read: read}}
	}
	if old := fs.siblings[class]; old != nil && *old != *s {
		s = &sibling{conflict: true}
	}
	fs.siblings[class] = s
}

// standsForLock reports whether a field of a type can stand for a lock elsewhere: a
// Locker, a pointer to a lock, or a Cond.
func standsForLock(t *effects.Type) bool {
	if t = t.To(); t == nil {
		return false
	}
	switch t.Sync {
	case effects.Locker, effects.Mutex, effects.RWMutex, effects.Cond:
		return true
	}
	return false
}

// lockBehind returns the field whose lock a stored value stands for: &x.mu,
// x.mu.RLocker(), sync.NewCond(&x.mu).
func lockBehind(fn *effects.Func, v effects.V) (lock *effects.Instr, read bool) {
	for range 6 {
		in := fn.At(v)
		switch in.Op {
		case effects.Box, effects.NewCond, effects.Convert:
		case effects.RLocker:
			read = true
		case effects.Field:
			return in, read
		default:
			return nil, false
		}
		v = in.Args[0]
	}
	return nil, false
}
