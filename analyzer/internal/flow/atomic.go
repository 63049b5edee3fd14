package flow

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// AtomicPlaces are the places whose address is given to functions of sync/atomic.
type AtomicPlaces struct {
	Classes map[string]bool
	Locals  map[*ssa.Alloc]bool
}

// Add adds the places that a function accesses atomically.
func (a *AtomicPlaces) Add(env Env, fn *ssa.Function) {
	var c *collector
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || AtomicFunc(call) == "" {
				continue
			}
			if c == nil {
				c = &collector{w: Scan(env, fn).w}
			}
			if p := c.placeOf(call.Common().Args[0]); p.class != "" {
				if a.Classes == nil {
					a.Classes, a.Locals = map[string]bool{}, map[*ssa.Alloc]bool{}
				}
				a.Classes[p.class] = true
				if p.local != nil {
					a.Locals[p.local] = true
				}
			}
		}
	}
}

// has reports whether a place is among those; of local variables the name is not enough.
func (a *AtomicPlaces) has(p *place) bool {
	return a.Classes[p.class] && (p.local == nil || a.Locals[p.local])
}

// AtomicFunc returns the name of the function of sync/atomic that a call calls, such as "AddInt64"; "" if it is
// none. Methods of the types of sync/atomic do not count.
func AtomicFunc(call ssa.CallInstruction) string {
	fn := call.Common().StaticCallee()
	if fn == nil || len(call.Common().Args) == 0 {
		return ""
	}
	if obj, ok := fn.Object().(*types.Func); ok && isAtomic(obj) {
		return obj.Name()
	}
	return ""
}

func isAtomic(obj *types.Func) bool {
	return obj.Pkg() != nil && obj.Pkg().Path() == "sync/atomic" && obj.Signature().Recv() == nil
}

// placeOf returns the place of an address, without a class if it is not one that is followed.
func (c *collector) placeOf(v ssa.Value) place {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Convert:
			v = x.X
			continue
		case *ssa.ChangeType:
			v = x.X
			continue
		case *ssa.FieldAddr:
			return c.withLocal(c.fieldPlace(x), x)
		case *ssa.Global:
			return place{class: globalClass(x)}
		case *ssa.Alloc, *ssa.FreeVar:
			if a := variableOf(v); a != nil {
				return place{class: allocClass(a), local: a}
			}
		case *ssa.IndexAddr:
			if load, ok := x.X.(*ssa.UnOp); ok {
				switch load.X.(type) {
				case *ssa.FieldAddr, *ssa.Global:
					if _, ok := load.Type().Underlying().(*types.Slice); ok {
						return inside(c.placeOf(load.X))
					}
				}
				break
			}
			switch x.X.(type) {
			case *ssa.FieldAddr, *ssa.Global: // an array
				return c.placeOf(x.X)
			}
		}
		break
	}
	return place{}
}

// anyField returns the place of a field of any struct, if it or its content is wanted.
func (c *collector) anyField(fa *ssa.FieldAddr) place {
	p := c.withLocal(c.fieldPlace(fa), fa)
	if p.class != "" && (c.only.Classes[p.class] || c.only.Classes[p.class+"[]"]) {
		return p
	}
	return place{}
}

// withLocal notes the variable of which a place is a field, if its class is made of the variable's name.
func (c *collector) withLocal(p place, v ssa.Value) place {
	if !strings.Contains(p.class, "@") {
		return p
	}
	for range 8 {
		fa, ok := v.(*ssa.FieldAddr)
		if !ok {
			break
		}
		v = fa.X
	}
	if p.local = variableOf(v); p.local == nil {
		return place{} // through a pointer: which variable it is cannot be told
	}
	return p
}

// variable follows the uses of a variable of this function or of one around it.
func (c *collector) variable(v ssa.Value) {
	if c.only == nil {
		return
	}
	if a := variableOf(v); a != nil && c.only.Locals[a] {
		c.address(v, place{class: allocClass(a), local: a, param: -1, free: -1})
	}
}

// variableOf returns the variable that an address in its function, or in a closure, is of.
func variableOf(v ssa.Value) *ssa.Alloc {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Alloc:
			if allocClass(x) == "" {
				return nil
			}
			return x
		case *ssa.FreeVar:
			v = binding(x.Parent(), freeIndex(x.Parent(), x))
		default:
			return nil
		}
	}
	return nil
}

// ownObject reports whether v points into an object that this function made, or that a variable of it, or of
// the function around it, contains.
func (w *walker) ownObject(v ssa.Value) bool {
	for range 16 {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
			continue
		case *ssa.IndexAddr:
			v = x.X
			continue
		case *ssa.UnOp:
			if a := variableOf(x.X); a != nil {
				if val := scanCell(a).single(); val != nil {
					v = val
					continue
				}
			}
		case *ssa.FreeVar:
			return variableOf(x) != nil
		}
		break
	}
	return w.made(v)
}

// nearPos returns where a variable is used. SSA gives loads of variables no position: it is
// that of the name nearest to what is done with the value.
func nearPos(instr ssa.Instruction, p *place) token.Pos {
	near := instr.Pos()
	if v, ok := instr.(ssa.Value); ok && !near.IsValid() {
		for _, ref := range *v.Referrers() {
			if near = ref.Pos(); near.IsValid() {
				break
			}
		}
	}
	instrs := instr.Block().Instrs
	for i := 0; i < len(instrs) && !near.IsValid(); i++ {
		for j := i; j < len(instrs) && instrs[i] == instr && !near.IsValid(); j++ {
			near = instrs[j].Pos()
		}
	}
	fn := instr.Parent()
	if !near.IsValid() {
		near = fn.Pos()
	}
	syntax := fn.Syntax()
	if syntax == nil {
		return near
	}
	name := strings.TrimSuffix(p.class, "[]")
	name = name[strings.LastIndexAny(name, ".@")+1:]
	fset := fn.Prog.Fset
	line := fset.Position(near).Line
	best, dist := near, -1
	ast.Inspect(syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == syntax
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				if _, call := instr.(ssa.CallInstruction); !call {
					return false
				}
			}
		case *ast.Ident:
			if n.Name != name {
				break
			}
			d := fset.Position(n.Pos()).Line - line
			if d = max(d, -d); dist < 0 || d < dist {
				best, dist = n.Pos(), d
			}
		}
		return true
	})
	return best
}

// IsJoin reports whether a call waits for goroutines to end: Wait of sync.WaitGroup, of
// x/sync's errgroup.Group, and of types like them, which have methods Go or Done and Wait.
func IsJoin(call ssa.CallInstruction) bool {
	c := call.Common()
	var fn *types.Func
	if c.IsInvoke() {
		fn = c.Method
	} else if f := c.StaticCallee(); f != nil {
		if o := f.Origin(); o != nil {
			f = o
		}
		fn, _ = f.Object().(*types.Func)
	}
	if fn == nil || fn.Name() != "Wait" || fn.Signature().Recv() == nil {
		return false
	}
	recv := fn.Signature().Recv().Type()
	for _, name := range []string{"Done", "Go"} {
		if o, _, _ := types.LookupFieldOrMethod(recv, true, fn.Pkg(), name); o != nil {
			return true
		}
	}
	return false
}
