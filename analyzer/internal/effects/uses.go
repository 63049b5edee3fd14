package effects

import "slices"

// Uses returns the instructions that have v as an operand, in order; one that has it twice is there twice.
func (f *Func) Uses(v V) []V {
	if f.of != nil {
		return f.of.Uses(v)
	}
	f.usesOnce.Do(f.findUses)
	return f.uses[f.from[v]:f.from[v+1]]
}

func (f *Func) findUses() {
	from := make([]int32, len(f.Code)+1)
	for i := range f.Code {
		for _, a := range f.Code[i].Args {
			if a > 0 {
				from[a+1]++
			}
		}
	}
	for i := 1; i < len(from); i++ {
		from[i] += from[i-1]
	}
	uses := make([]V, from[len(from)-1])
	next := append([]int32(nil), from...)
	for i := range f.Code {
		for _, a := range f.Code[i].Args {
			if a > 0 {
				uses[next[a]] = V(i)
				next[a]++
			}
		}
	}
	f.uses, f.from = uses, from
}

// MadeAt returns the instructions, in the function around a literal, that make it, with what it captures.
func (f *Func) MadeAt() []V {
	if f.of != nil {
		return f.of.MadeAt()
	}
	f.madeOnce.Do(func() {
		if f.Parent == nil {
			return
		}
		for i := range f.Parent.Code {
			if in := &f.Parent.Code[i]; in.Op == Closure && in.Fn == f {
				f.made = append(f.made, V(i))
			}
		}
	})
	return f.made
}

// CalledOnly reports whether a literal is only called and deferred where an instruction makes it.
func (f *Func) CalledOnly(made V) bool {
	for _, u := range f.Uses(made) {
		in := &f.Code[u]
		if in.Op != Call || in.How == Started || in.Flags&Dynamic == 0 || in.Args[0] != made || slices.Contains(in.Args[1:], made) {
			return false
		}
	}
	return true
}

// InPlace reports whether a function is a literal that is only called or deferred by the function around it.
func (f *Func) InPlace() bool {
	made := f.MadeAt()
	for _, at := range made {
		if !f.Parent.CalledOnly(at) {
			return false
		}
	}
	return len(made) > 0
}
