package capture

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// A change is a call that changes an atomic variable.
type change struct {
	at   origin
	call *ssa.Call
	from ssa.Value // CompareAndSwap: what must be there; nil for the others
	to   ssa.Value // what is there afterwards; nil for Add
	by   int64     // Add: the constant that is added, 0 if it is none
}

// changeOf returns the change that an instruction makes.
func (f *family) changeOf(instr ssa.Instruction) (change, bool) {
	call, ok := instr.(*ssa.Call)
	if !ok || len(call.Call.Args) < 2 {
		return change{}, false
	}
	fn := calleeObject(&call.Call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "sync/atomic" {
		return change{}, false
	}
	args := call.Call.Args
	c := change{at: f.origin(args[0]), call: call}
	switch name := fn.Name(); {
	case strings.HasPrefix(name, "CompareAndSwap"):
		c.from, c.to = args[1], args[2]
	case strings.HasPrefix(name, "Swap"), strings.HasPrefix(name, "Store"):
		c.to = args[1]
	case strings.HasPrefix(name, "Add"):
		if k, ok := args[1].(*ssa.Const); ok && k.Value != nil {
			c.by, _ = constant.Int64Val(constant.ToInt(k.Value))
		}
	}
	return c, true
}

// A prize is what one goroutine of all can get: to be the one that changes an atomic variable from a value, or to a
// number.
type prize struct {
	at    origin
	value constant.Value // from which; nil if it is a number
	count int64          // what each adds, if it is a number
}

// prizes returns those with which a goroutine makes an access, or the call that leads to it.
func (f *family) prizes(x side) []prize {
	var out []prize
	for i := len(x.c); i >= 0; i-- {
		at := x.at(i)
		for b := at.Block(); b.Idom() != nil; b = b.Idom() {
			d := b.Idom()
			br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
			if !ok || d.Succs[0] == d.Succs[1] {
				continue
			}
			for j, s := range d.Succs {
				if len(s.Preds) == 1 && s.Dominates(at.Block()) {
					if p, ok := f.prize(br.Cond, j == 0); ok {
						out = append(out, p)
					}
				}
			}
		}
		if i > 0 && x.c[i-1].Kind.Starts() {
			break
		}
	}
	return out
}

// prize returns what is got where a branch on a value is taken or not.
func (f *family) prize(v ssa.Value, taken bool) (prize, bool) {
	for {
		not, ok := v.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		v, taken = not.X, !taken
	}
	switch x := v.(type) {
	case *ssa.Call:
		c, ok := f.changeOf(x)
		if !ok {
			break
		}
		if c.from != nil && taken {
			if k, ok := c.from.(*ssa.Const); ok {
				return prize{at: c.at, value: valueOf(k)}, true
			}
		}
		if c.from == nil && c.to != nil { // what Swap returns
			return prize{at: c.at, value: constant.MakeBool(taken)}, true
		}
	case *ssa.BinOp:
		c, ok := f.changeOf(instruction(x.X))
		if !ok || taken != (x.Op == token.EQL) || x.Op != token.EQL && x.Op != token.NEQ {
			break
		}
		if k, isConst := x.Y.(*ssa.Const); isConst && c.from == nil && c.to != nil {
			return prize{at: c.at, value: valueOf(k)}, true
		}
		if c.by != 0 && f.steady(x.Y) {
			return prize{at: c.at, count: c.by}, true
		}
	}
	return prize{}, false
}

func instruction(v ssa.Value) ssa.Instruction {
	in, _ := v.(ssa.Instruction)
	return in
}

// nothing stands for the nil of pointers.
var nothing = constant.MakeString("nil")

func valueOf(k *ssa.Const) constant.Value {
	if k.Value != nil {
		return k.Value
	}
	return nothing
}

// steady reports whether a number is the same for all goroutines: a constant, or a length or a variable from outside.
func (f *family) steady(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Convert:
		return f.steady(x.X)
	case *ssa.Call:
		b, ok := x.Call.Value.(*ssa.Builtin)
		return ok && (b.Name() == "len" || b.Name() == "cap") && f.steady(x.Call.Args[0])
	case *ssa.UnOp:
		a := f.cell(x.X)
		return a != nil && len(f.cells[a]) == 1
	}
	return false
}

// excluded reports whether only one goroutine of all gets to both accesses, or whether one of the two is made when
// all goroutines have counted down, or up, what the other one comes before; and if it does not, whether that may be so:
// others can change the atomic, too.
func (f *family) excluded(v *variable, x, y side) (yes, perhaps bool) {
	xs, ys := f.prizes(x), f.prizes(y)
	for _, p := range xs {
		if !slices.Contains(ys, p) {
			continue
		}
		switch f.once(v, p) {
		case onlyOnce:
			return true, true
		case perhapsOnce:
			perhaps = true
		}
	}
	return f.last(v, ys, x) || f.last(v, xs, y), perhaps
}

// last reports whether one side comes behind the last count of all, and the other before its own.
func (f *family) last(v *variable, ps []prize, other side) bool {
	for _, p := range ps {
		if p.count == 0 || f.once(v, p) != onlyOnce {
			continue
		}
		for i := len(other.c); i > 0; i-- {
			at := other.comes(i)
			counts := false
			following(at, func(in ssa.Instruction) {
				c, ok := f.changeOf(in)
				counts = counts || ok && c.at == p.at && c.by == p.count && !f.reaches(at.Parent(), in, at, nil)
			})
			if counts {
				return true
			}
			if other.c[i-1].Kind.Starts() {
				break
			}
		}
	}
	return false
}

// A frequency tells how often a prize can be got.
type frequency uint8

const (
	often frequency = iota
	perhapsOnce
	onlyOnce
)

// once tells whether a prize can be got only once as long as there is one instance of the variable: the atomic is not made
// anew, all its changes are in view, and none leads back.
func (f *family) once(v *variable, p prize) frequency {
	n := onlyOnce
	switch root := p.at.root.(type) {
	case *ssa.Alloc:
		if !within(v.in, root.Parent()) || root.Parent() == v.in && f.reaches(v.in, root, root, &cuts{again: v.alloc}) {
			return often
		}
		if !f.plain(root, p.at.path, 0) {
			n = perhapsOnce
		}
	case *ssa.Parameter:
		if !within(v.in, root.Parent()) {
			return often
		}
		n = perhapsOnce
	case *ssa.Global:
		n = perhapsOnce
	default:
		return often
	}
	for _, fn := range f.members {
		ok := true
		flow.EachInstr(fn, func(instr ssa.Instruction) {
			if c, is := f.changeOf(instr); is && c.at.meets(p.at) && !f.onward(v, p, &c) {
				ok = false
			}
		})
		if !ok {
			return often
		}
	}
	return n
}

// within reports whether a function is another one, or a literal inside.
func within(fn, outer *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == outer {
			return true
		}
	}
	return false
}

// onward reports whether a change does not make it possible to get a prize again.
func (f *family) onward(v *variable, p prize, c *change) bool {
	if c.at != p.at {
		return false
	}
	if p.value == nil {
		return c.by != 0 && (c.by > 0) == (p.count > 0) || c.call.Parent() == v.in && f.beforeStarts(c.call)
	}
	switch c.to.(type) {
	case *ssa.Alloc, *ssa.FreeVar, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Global: // an address
		return p.value == nothing
	}
	k, ok := c.to.(*ssa.Const)
	return ok && valueOf(k).Kind() == p.value.Kind() && !constant.Compare(valueOf(k), token.EQL, p.value)
}

// beforeStarts reports whether no goroutine has been started before an instruction by its function.
func (f *family) beforeStarts(instr ssa.Instruction) bool {
	for _, rs := range f.runs {
		for _, r := range rs {
			if r.Site.Parent() == instr.Parent() && r.Kind.Starts() && f.reaches(instr.Parent(), r.Site, instr, nil) {
				return false
			}
		}
	}
	return true
}

// plain reports whether the address of an atomic variable, at a path of fields behind an address, goes only to package
// sync/atomic.
func (f *family) plain(addr ssa.Value, path string, depth int) bool {
	if addr.Referrers() == nil || depth > maxDepth {
		return false
	}
	for _, ref := range *addr.Referrers() {
		switch x := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if _, pointer := x.Type().Underlying().(*types.Pointer); pointer && !f.plain(x, path, depth+1) {
				return false
			}
		case *ssa.FieldAddr:
			if rest, ok := strings.CutPrefix(path, "."+strconv.Itoa(x.Field)); ok && (rest == "" || rest[0] == '.') && !f.plain(x, rest, depth+1) {
				return false
			}
		case *ssa.Store:
			if x.Val != addr {
				if refers(x.Val.Type()) && f.cell(addr) != nil && len(f.cells[f.cell(addr)]) == 1 {
					continue // the pointer that is followed
				}
				return false
			}
			if a := f.cell(x.Addr); a == nil || !f.plain(a, path, depth+1) {
				return false
			}
		case *ssa.MakeClosure:
			lit := x.Fn.(*ssa.Function)
			for i, b := range x.Bindings {
				if b == addr && (lit.Synthetic != "" || !f.plain(lit.FreeVars[i], path, depth+1)) {
					return false
				}
			}
		case ssa.CallInstruction:
			fn := calleeObject(x.Common())
			if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "sync/atomic" {
				return false
			}
		default:
			return false
		}
	}
	return true
}
