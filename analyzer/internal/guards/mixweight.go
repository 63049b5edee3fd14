package guards

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// confidence weighs a plain access against an atomic one.
func (m *mixer) confidence(p *AtomicPlace, s, o *Site, in, oin *Situation) int {
	c := base(s)
	root := m.t.Roots[in.Root]
	if strings.HasSuffix(p.Class, "[]") {
		c = c * 85 / 100
	}
	if s.Made || in.Via != nil && s.Param >= 0 && s.Param < 64 && in.Via.Use.Made&(1<<s.Param) != 0 {
		c = c * 75 / 100 // when others see it no more cannot be told
	}
	if s.Op == flow.Read {
		if p.Copied {
			c = c * 70 / 100
		}
		if m.soleStorer(p, s, in) {
			c = c * 60 / 100
		}
		if checked(p, s) {
			c = c * 70 / 100
		}
	}
	switch {
	case m.beforeGo(s.Instr):
		c = c * 60 / 100
	case root.Kind == Main && !m.ordered(s, in, oin):
		c = c * 60 / 100
	case m.a.early(s.Instr, p.Sites) || m.a.late(s.Instr) || says(s.Fn)&model.Again != 0:
		c = c * 65 / 100
	}
	if len(in.Held) == 0 && !in.Any && exclusive(s, o, oin) {
		c = c * 60 / 100
	}
	if mostlyPlain(p) {
		c = c * 60 / 100
	}
	if lastOne(s.Instr, in) {
		c = c * 60 / 100
	}
	if m.received(s.Instr) || bodiless(s.Instr) {
		c = c * 70 / 100
	}
	if in.Weak {
		c = c * 65 / 100
	}
	if root.Kind == Callback {
		c = c * 85 / 100
	}
	return max(1, c*in.Conf/100*oin.Conf/100)
}

// mostlyPlain reports whether many functions access a place plainly, and few atomically: that is a
// protocol of its own, such as one owner who needs no atomics for what is its own.
func mostlyPlain(p *AtomicPlace) bool {
	plain, atomic := map[*ssa.Function]bool{}, map[*ssa.Function]bool{}
	for _, s := range p.Sites {
		if s.Op == flow.Atomic {
			atomic[flow.Outermost(s.Fn)] = true
		} else {
			plain[flow.Outermost(s.Fn)] = true
		}
	}
	return len(plain) > 5 && len(plain) > 2*len(atomic)
}

// soleStorer reports whether all that writes a place is done by Store in one goroutine, as far as can be seen: below one
// function that the reader is, or is below of. It needs no protection from itself if it is not run twice at
// once, and what adds or swaps would be used if it were.
func (m *mixer) soleStorer(p *AtomicPlace, s *Site, in *Situation) bool {
	thread := []*ssa.Function{flow.Outermost(s.Fn)}
	for l := in.Via; l != nil && l.Use.Kind == flow.Called; l = l.Up {
		thread = append(thread, flow.Outermost(l.Use.Site.Parent()))
	}
	return slices.ContainsFunc(thread, func(f *ssa.Function) bool {
		return !slices.ContainsFunc(p.Sites, func(o *Site) bool {
			switch {
			case o.Op == flow.Read || o.loads():
				return false
			case o.Op == flow.Atomic && !strings.HasPrefix(o.Func(), "Store"):
				return true
			}
			return flow.Outermost(o.Fn) != f && slices.ContainsFunc(o.Scenes, func(x Situation) bool { return !slices.Contains(x.Pass, f) })
		})
	})
}

// checked reports whether a read gives the old value for a CompareAndSwap of the same place, which fails if it
// was not what it seemed.
func checked(p *AtomicPlace, s *Site) bool {
	v, ok := s.Instr.(ssa.Value)
	if !ok {
		return false
	}
	for _, o := range p.Sites {
		call, ok := o.Instr.(*ssa.Call)
		if ok && o.Fn == s.Fn && strings.HasPrefix(o.Func(), "CompareAndSwap") && comesFrom(call.Call.Args[1], v, 0) {
			return true
		}
	}
	return false
}

func comesFrom(v, from ssa.Value, depth int) bool {
	if v == from {
		return true
	}
	if phi, ok := v.(*ssa.Phi); ok && depth < 4 {
		return slices.ContainsFunc(phi.Edges, func(e ssa.Value) bool { return comesFrom(e, from, depth+1) })
	}
	return false
}

// exclusive reports whether the function of a plain access also writes other fields of the struct which that of the
// atomic access, or its callers on the way, access plainly: if no lock keeps these apart, either all of them
// race, or nobody else runs at that time.
func exclusive(s, o *Site, oin *Situation) bool {
	written := map[string]bool{}
	others(s, func(class string, write bool) { written[class] = written[class] || write })
	shared := false
	touched := func(class string, _ bool) { shared = shared || written[class] }
	others(&Site{Access: flow.Access{Fn: o.Fn, Class: o.Class}}, touched)
	for l := oin.Via; l != nil && l.Use.Kind == flow.Called && !shared; l = l.Up {
		others(&Site{Access: flow.Access{Fn: l.Use.Site.Parent(), Class: o.Class}}, touched)
	}
	return shared
}

// others calls f for the plain accesses, in the function of a site, to other fields of its struct.
func others(s *Site, f func(class string, write bool)) {
	owner := s.Class[:strings.LastIndexByte(s.Class, '.')+1]
	for _, b := range s.Fn.Blocks {
		for _, instr := range b.Instrs {
			fa, ok := instr.(*ssa.FieldAddr)
			if !ok {
				continue
			}
			_, class := ident.FieldClass(fa.X.Type(), fa.Field, "")
			if class == strings.TrimSuffix(s.Class, "[]") || !strings.HasPrefix(class, owner) {
				continue
			}
			for _, ref := range *fa.Referrers() {
				switch x := ref.(type) {
				case *ssa.Store:
					if x.Addr == fa {
						f(class, true)
					}
				case *ssa.UnOp:
					f(class, false)
				}
			}
		}
	}
}

// base is what an access is worth at best: a plain write is never meant.
func base(s *Site) int {
	if s.Op == flow.Write {
		return 90
	}
	return 75
}
