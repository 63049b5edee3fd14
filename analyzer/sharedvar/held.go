package sharedvar

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// locked reports whether both sides hold a lock.
func (f *finder) locked(x, y side) bool {
	a, anyA := f.held(x)
	b, anyB := f.held(y)
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
func (f *finder) held(x side) (classes map[string]bool, some bool) {
	classes = map[string]bool{}
	for i := len(x.Way); i >= 0; i-- {
		at := x.At(i)
		if l := f.in.locks(at.Fn, at.V); l != nil {
			some = some || l.Any
			for _, g := range l.Held {
				classes[string(g.Class)] = true
			}
		}
		if i == 0 && at.Fn.Parent == nil {
			for _, g := range f.in.entry(at.Fn) {
				classes[string(g.Class)] = true
			}
		}
		if i == 0 || x.Way[i-1].Kind.Starts() {
			break
		}
	}
	return classes, some
}

// takes reports whether an access comes after a call that, by its name, takes a lock of a kind of
// its own: one in a file, in a database, one for a key.
func takes(x side) bool {
	for i := len(x.Way); i >= 0; i-- {
		at := x.At(i)
		for v := at.Fn.First; int(v) < len(at.Fn.Code); v++ {
			in := at.Fn.At(v)
			if !in.Op.Calls() || in.How != effects.AtOnce || in.Flags&effects.Dynamic != 0 || in.Class == "sync" || !at.Fn.Before(v, at.V) {
				continue
			}
			if model.NameSays(in.Sym[strings.LastIndexByte(in.Sym, '.')+1:])&model.Acquires != 0 {
				return true
			}
		}
		if i > 0 && x.Way[i-1].Kind.Starts() {
			break
		}
	}
	return false
}
