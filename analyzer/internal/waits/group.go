package waits

import (
	"maps"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A Group is all WaitGroups, or Conds, in one field or variable.
type Group struct {
	Class    string
	Cond     bool
	Complete bool // its address, or the pointer that it is, is only used to call its methods
	Waits    []Spot
	Ends     []Spot // Done, Add of what may be negative, WaitGroup.Go; Signal and Broadcast
	Adds     []Spot
}

// groups finds the WaitGroups and Conds.
func (m *Model) groups() {
	found := map[string]*Group{}
	for _, fn := range m.funcs {
		for i := range fn.Code {
			v := V(i)
			in := fn.At(v)
			if in.Class == "" || !isGroup(in.Type) {
				continue
			}
			local := in.Op == effects.Alloc || in.Op == effects.Free
			if !local && in.Op != effects.Field && in.Op != effects.Global {
				continue
			}
			g := found[in.Class]
			if g == nil {
				g = &Group{Class: in.Class, Complete: local || !m.flow.named(fn, in)}
				found[in.Class] = g
			}
			m.use(g, fn, v, 0)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(found)) {
		m.Groups = append(m.Groups, found[c])
	}
}

// isGroup reports whether a type is that of addresses of WaitGroups or Conds, or of pointers to one.
func isGroup(t *effects.Type) bool {
	t = t.To().To()
	return t != nil && (t.Name == "sync.WaitGroup" || t.Name == "sync.Cond")
}

// use notes what is done to a group by way of its address, or of a pointer to it.
func (m *Model) use(g *Group, fn *effects.Func, v V, depth int) {
	if t := fn.At(v).Type.To().To(); t != nil && t.Name == "sync.Cond" {
		g.Cond = true
	}
	for _, u := range fn.Uses(v) {
		in := fn.At(u)
		at := Spot{fn, u}
		first := len(in.Args) > 0 && in.Args[0] == v && !slices.Contains(in.Args[1:], v)
		switch {
		case in.Op == effects.Closure && in.Fn != nil && !in.Fn.Wrapper: // whose captured variable has the same class
		case !first:
			g.Complete = false
		case in.Op == effects.Load && depth < 2:
			m.use(g, fn, u, depth+1)
		case in.Op == effects.Store:
			m.stored(g, fn, in)
		case in.Op == effects.Wait, in.Op == effects.CondWait:
			if m.live[fn] {
				g.Waits = append(g.Waits, at)
			}
		case in.Op == effects.Done, in.Op == effects.Start, in.Op == effects.Signal:
			g.Ends = append(g.Ends, at) // also where nobody comes: what is waited for may not come about, either
		case in.Op == effects.Add:
			n := fn.At(in.Args[1])
			if n.Op != effects.Const || n.Sym[0] == '-' {
				g.Ends = append(g.Ends, at)
			}
			if (n.Op != effects.Const || n.Sym[0] != '-') && m.live[fn] {
				g.Adds = append(g.Adds, at)
			}
		case in.Op == effects.Field, in.Op == effects.Compare:
		default:
			g.Complete = false
		}
	}
}

// stored looks at what is put into the field: a new WaitGroup or Cond that nobody else has.
func (m *Model) stored(g *Group, fn *effects.Func, store *effects.Instr) {
	val := fn.At(store.Args[1])
	fresh := val.Op == effects.NewCond || val.Op == effects.Alloc || val.Op == effects.Const || val.Op == effects.Load && fn.Op(val.Args[0]) == effects.Alloc
	if !fresh || val.Op != effects.Const && len(fn.Uses(store.Args[1])) > 1 {
		g.Complete = false
	}
}
