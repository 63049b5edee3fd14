package capture

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// An origin tells where a value comes from: a variable, a parameter, a call, and the fields on the way.
type origin struct {
	root ssa.Value
	path string
}

// origin follows loads, fields and captures back to where a value comes from. A variable that is
// set once is what it is set to; the results of one call have one origin.
func (f *family) origin(v ssa.Value) origin {
	path := ""
	for range 24 {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			path = "." + strconv.Itoa(x.Field) + path
			v = x.X
		case *ssa.Field:
			path = "." + strconv.Itoa(x.Field) + path
			v = x.X
		case *ssa.IndexAddr:
			path = ".#" + path
			v = x.X
		case *ssa.Index:
			path = ".#" + path
			v = x.X
		case *ssa.Lookup:
			path = ".#" + path
			v = x.X
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.Convert:
			v = x.X
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.Slice:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.FreeVar:
			b := f.binding(x)
			if b == nil {
				return origin{x, path}
			}
			v = b
		case *ssa.Parameter:
			a := f.argument(x)
			if a == nil {
				return origin{x, path}
			}
			v = a
		case *ssa.Alloc:
			st := f.cells[x]
			if len(st) != 1 || !refers(st[0].Val.Type()) {
				return origin{x, path}
			}
			v = st[0].Val
		case *ssa.Call:
			if _, ok := x.Type().Underlying().(*types.Chan); ok { // ctx.Done()
				if r := receiver(&x.Call); r != nil {
					v = r
					continue
				}
			}
			return origin{x, path}
		default:
			return origin{v, path}
		}
	}
	return origin{v, path}
}

// argument returns what a literal that runs at one place only is given for a parameter.
func (f *family) argument(p *ssa.Parameter) ssa.Value {
	fn := p.Parent()
	rs := f.runs[fn]
	if len(rs) != 1 || f.unknown[fn] {
		return nil
	}
	if i := slices.Index(fn.Params, p); i >= 0 && i < len(rs[0].Args) {
		return rs[0].Args[i]
	}
	return nil
}

// receiver returns what a method is called on.
func receiver(c *ssa.CallCommon) ssa.Value {
	if c.IsInvoke() {
		return c.Value
	}
	if fn := c.StaticCallee(); fn != nil && fn.Signature.Recv() != nil && len(c.Args) > 0 {
		return c.Args[0]
	}
	return nil
}

func refers(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Signature, *types.Chan, *types.Map, *types.Slice:
		return true
	}
	return false
}

// meets reports whether one origin is the other, or leads to it.
func (o origin) meets(p origin) bool {
	if o.root == nil || o.root != p.root {
		return false
	}
	return o.path == p.path || strings.HasPrefix(o.path, p.path+".") || strings.HasPrefix(p.path, o.path+".")
}

// mayWait reports whether something of a type can wait for a goroutine, or tell that it is done: it
// is or holds a channel, a function, a lock, an atomic, or an object that is not known.
func mayWait(t types.Type, depth int) bool {
	t = types.Unalias(t)
	if depth > 4 {
		return true
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil {
		switch n.Obj().Pkg().Path() {
		case "sync", "sync/atomic":
			return true
		case "testing", "time", "log", "log/slog", "net/url", "bytes", "strings":
			return false
		case "context":
			return n.Obj().Name() == "CancelFunc"
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return true
	case *types.Interface:
		return u.NumMethods() > 0 && !types.Identical(t, types.Universe.Lookup("error").Type())
	case *types.Pointer:
		return mayWait(u.Elem(), depth)
	case *types.Slice:
		return mayWait(u.Elem(), depth+1)
	case *types.Array:
		return mayWait(u.Elem(), depth+1)
	case *types.Map:
		return mayWait(u.Elem(), depth+1)
	case *types.Struct:
		for x := range u.Fields() {
			if mayWait(x.Type(), depth+1) {
				return true
			}
		}
	}
	return false
}

func isContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context"
}
