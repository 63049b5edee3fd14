package blocking

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// place returns where a channel, WaitGroup or Cond is: the field or variable that it was read from, if any.
func (c *checker) place(fn *effects.Func, v V) ident.Path {
	if v == 0 {
		return ident.Path{}
	}
	for range 4 {
		in := fn.At(v)
		if in.Op == effects.Call && in.Flags&effects.Dynamic == 0 {
			return c.returned(fn, in)
		}
		if in.Op != effects.Convert && in.Op != effects.Load {
			break
		}
		if in.Op == effects.Load {
			if fn.Op(in.Args[0]) == effects.Alloc || fn.Op(in.Args[0]) == effects.Free {
				break // a variable, which stands for what it holds
			}
			return c.view(fn).Path(nil, in.Args[0])
		}
		v = in.Args[0]
	}
	return c.view(fn).Path(nil, v)
}

// returned returns where what a call returns is read from, if all returns of the callee agree.
func (c *checker) returned(fn *effects.Func, call *effects.Instr) ident.Path {
	callee := call.Fn
	var from ident.Path
	if callee == nil || len(callee.Results) != 1 || len(callee.Blocks) == 0 {
		return from
	}
	same := true
	callee.Returns(func(ret V) {
		v := callee.At(ret).Args[0]
		if callee.Op(v) == effects.Call || callee.Op(v) == effects.Const {
			same = same && callee.Op(v) == effects.Const // nil is nobody's channel
			return
		}
		p := c.place(callee, v)
		same = same && (from.Kind == ident.Unknown || from == p)
		from = p
	})
	if !same || from.Kind != ident.Param {
		return ident.Path{}
	}
	return c.view(fn).Subst(nil, resolve.Target{Fn: callee, Args: call.Args}, from)
}

// up returns a path of a function in terms of one that calls it.
func (c *checker) up(at waits.Spot, fn *effects.Func, p ident.Path) ident.Path {
	f := c.view(at.Fn)
	for _, t := range f.Targets(at.V) {
		if i := p.Index(); t.Fn == fn && p.Kind == ident.Param && p.Len() == 0 && i < len(t.Args) {
			return c.place(at.Fn, t.Args[i]) // the channel itself
		}
		if t.Fn == fn {
			return f.Subst(nil, t, p)
		}
	}
	if in := at.At(); in.Op == effects.Call {
		t := resolve.Target{Fn: fn, Args: in.Args}
		if in.Flags&effects.Dynamic != 0 {
			t.Args = in.Args[1:]
		}
		return f.Subst(nil, t, p)
	}
	return p.Forget()
}

// outermost returns a path in terms of the function around, as long as it is of what a literal has captured.
func (c *checker) outermost(fn *effects.Func, p ident.Path) (*effects.Func, ident.Path) {
	for p.Kind == ident.Free && fn.Parent != nil {
		i := p.Index()
		if i < 0 || i >= len(fn.Free) {
			break
		}
		v := resolve.Binding(fn, fn.Free[i])
		if v == 0 {
			break
		}
		t := resolve.Target{Fn: fn, Free: make([]V, len(fn.Free))}
		t.Free[i] = v
		q := c.view(fn.Parent).Subst(nil, t, p)
		if q.Kind == ident.Unknown {
			break
		}
		fn, p = fn.Parent, q
	}
	return fn, p
}

// relation tells how a lock and what is waited for belong to one object: the steps to each from what both have in common; "" if they have
// nothing in common.
func relation(lock, on ident.Path) string {
	if lock.Kind != on.Kind || lock.Ref != on.Ref || lock.Gen != on.Gen || lock.Kind == ident.Unknown {
		return ""
	}
	a, b := steps(lock.Generalize().Steps), steps(on.Generalize().Steps)
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return strings.Join(a[n:], "") + "|" + strings.Join(b[n:], "")
}

// alike reports whether two relations are one: the lock is at the same place, and so is what is waited for, or both are fields of the object that has
// the lock, which hold one channel.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	lockA, onA, _ := strings.Cut(a, "|")
	lockB, onB, _ := strings.Cut(b, "|")
	field := func(s string) bool { return len(steps(s)) == 1 && s[0] == '.' }
	return lockA == lockB && field(lockA) && field(onA) && field(onB)
}

// steps splits the steps of a path.
func steps(s string) []string {
	var out []string
	for i := 0; i < len(s); {
		k := i + 1
		switch s[i] {
		case '.':
			for k < len(s) && strings.IndexByte(".^[", s[k]) < 0 {
				k++
			}
		case '[':
			for k < len(s) && s[k-1] != ']' {
				k++
			}
		}
		out = append(out, s[i:k])
		i = k
	}
	return out
}
