package capture

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// locked reports whether both sides hold a lock.
func (f *family) locked(x, y side, k int) bool {
	a, anyA := f.held(x, k)
	b, anyB := f.held(y, k)
	if anyA && anyB {
		return true
	}
	for class := range a {
		if b[class] {
			return true
		}
	}
	return false
}

// held returns the classes of the locks that one side holds in its goroutine.
func (f *family) held(x side, k int) (classes map[string]bool, some bool) {
	classes = map[string]bool{}
	for i := len(x.c); i >= 0; i-- {
		at := x.at(i)
		if l := f.in.Locks(at.Parent(), at); l != nil {
			some = some || l.Any
			for _, g := range l.Held {
				classes[string(g.Class)] = true
			}
		}
		if i == 0 || x.c[i-1].Kind.Starts() || i <= k {
			break
		}
	}
	return classes, some
}

// weakened lowers the confidence if both sides seem to hold a lock.
func weakened(conf int, x, y side) int {
	if takes(x) && takes(y) {
		return min(conf, between)
	}
	return conf
}

// takes reports whether an access comes after a call that, by its name, takes a lock of a kind of
// its own: one in a file, in a database, one for a key.
func takes(x side) bool {
	found := false
	for i := len(x.c); i >= 0 && !found; i-- {
		at := x.at(i)
		flow.EachInstr(at.Parent(), func(in ssa.Instruction) {
			call, ok := in.(*ssa.Call)
			if !ok || found || !flow.Before(in, at) {
				return
			}
			if fn := calleeObject(&call.Call); fn != nil && (fn.Pkg() == nil || fn.Pkg().Path() != "sync") {
				found = model.NameSays(fn.Name())&model.Acquires != 0
			}
		})
		if i > 0 && x.c[i-1].Kind.Starts() {
			break
		}
	}
	return found
}
