package codec

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// Link finds the functions of other units that the functions of units refer to. Units that are used together are linked together,
// before their functions are used. If several have the same function, the first counts; what is in no unit stays unknown. Until a unit that was
// read is linked, targets in other units, and closures of functions of other units, are functions without code.
func Link(units []*effects.Unit) {
	l := linker{}
	for _, u := range units {
		for _, f := range u.Funcs {
			l.add(u.Path, f.Key, f)
			l.add(u.Path, f.CalleeKey(), f)
			l.add(u.Path, f.Name, f)
		}
	}
	for _, u := range units {
		for _, b := range u.Boxed {
			for i := range b.Methods {
				if m := &b.Methods[i]; m.Fn == nil || m.Fn.Unit != u {
					m.Fn = l.find(m.Pkg, m.Key)
				}
			}
		}
		for _, f := range u.Funcs {
			l.link(f)
		}
	}
}

// A linker knows functions by the path of their unit, and their key or name.
type linker map[[2]string]*effects.Func

func (l linker) add(path, key string, f *effects.Func) {
	if k := [2]string{path, key}; key != "" && l[k] == nil {
		l[k] = f
	}
}

// find returns the function with a key in a package, nil if it is in no unit.
func (l linker) find(pkg, key string) *effects.Func { return l[[2]string{pkg, key}] }

func (l linker) link(f *effects.Func) {
	for i := range f.Code {
		in := &f.Code[i]
		if in.Fn != nil && in.Fn.Unit == f.Unit {
			continue
		}
		switch {
		case keyed(in):
			in.Fn = l.find(in.Class, in.Sym)
		case in.Fn != nil:
			in.Fn = l.inside(in.Fn)
		}
		if (in.Op == effects.FuncOf || in.Op == effects.Closure) && in.Fn != nil && in.Fn.Recovers {
			in.Flags |= effects.Recover
		}
	}
	for _, cs := range f.Callbacks {
		for i := range cs {
			if c := &cs[i]; (c.Fn == nil || c.Fn.Unit != f.Unit) && c.Key != "" {
				c.Fn = l.find(c.Pkg, c.Key)
			}
		}
	}
	for _, fns := range f.Targets {
		for i, t := range fns {
			if t.Unit != f.Unit {
				fns[i] = l.inside(t)
			}
		}
	}
}

// inside returns the function that f stands for, or f.
func (l linker) inside(f *effects.Func) *effects.Func {
	if !isOutside(f) || f.Unit == nil {
		return f
	}
	for _, key := range []string{f.Key, f.Name} {
		if g := l.find(f.Unit.Path, key); key != "" && g != nil {
			return g
		}
	}
	return f
}
