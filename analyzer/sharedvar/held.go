package sharedvar

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// locked reports whether both sides hold a lock in modes that exclude each other.
func (f *finder) locked(x, y side) bool {
	a, anyA := f.held(x)
	b, anyB := f.held(y)
	if anyA && anyB {
		return true
	}
	for class, m := range a {
		if n, both := b[class]; both && m.Excludes(n) {
			return true
		}
	}
	return false
}

// held returns the classes of the locks that one side holds in its goroutine.
func (f *finder) held(x side) (classes map[string]lockgraph.Mode, some bool) {
	classes = map[string]lockgraph.Mode{}
	add := func(g lockgraph.Gate) {
		if m, ok := classes[string(g.Class)]; !ok || m == lockgraph.Read {
			classes[string(g.Class)] = g.Mode
		}
	}
	for i := len(x.Way); i >= 0; i-- {
		at := x.At(i)
		if l := f.in.locks(at.Fn, at.V); l != nil {
			some = some || l.Any
			for _, g := range l.Held {
				if !own(x, string(g.Class)) {
					add(g)
				}
			}
		}
		if i == 0 && at.Fn.Parent == nil {
			for _, g := range f.in.entry(at.Fn) {
				add(g)
			}
		}
		if i == 0 || x.Way[i-1].Kind.Starts() {
			break
		}
	}
	return classes, some
}

// own reports whether a lock is a variable of a function that the goroutine of a side runs, a copy that it has been given among them: each has
// one of its own, which keeps nobody else out.
func own(x side, class string) bool {
	fn, _, local := strings.Cut(class, "@")
	if !local {
		return false
	}
	for i := x.Start(0); i >= 0 && i < len(x.Way); i++ {
		if x.Way[i].Fn.Name == fn {
			return true
		}
	}
	return false
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
