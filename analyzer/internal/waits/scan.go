package waits

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// scan notes what the instructions of a function move.
func (f *flow) scan(fn *effects.Func) {
	if f.open(fn) {
		f.keep(fn)
	}
	for i := range fn.Code {
		v := V(i)
		in := fn.At(v)
		switch in.Op {
		case effects.Param, effects.Free:
			continue // by who calls or makes the function
		case effects.Const:
			continue // nil
		case effects.Store:
			f.store(fn, in)
			continue
		case effects.Return:
			for k, a := range in.Args {
				if tracked(fn.At(a).Type) {
					f.edge(f.val(fn, a), f.result(fn, k))
				}
			}
			continue
		case effects.Closure, effects.FuncOf:
			f.function(fn, v)
			continue
		case effects.Alloc, effects.Field, effects.Global:
			f.address(fn, v)
			continue
		case effects.Recv, effects.Close, effects.Compare, effects.If, effects.Not:
			// they look at it, or take from it
		case effects.Send, effects.Select:
			f.sent(fn, in)
		case effects.Builtin:
			if in.Sym != "len" && in.Sym != "cap" {
				f.escapeArgs(fn, in.Args)
			}
		case effects.Phi, effects.Convert:
			if tracked(in.Type) {
				for _, a := range in.Args {
					if tracked(fn.At(a).Type) {
						f.edge(f.val(fn, a), f.val(fn, v))
					} else if fn.Op(a) != effects.Const {
						f.edge(unknown, f.val(fn, v))
					}
				}
				continue
			}
			f.escapeArgs(fn, in.Args)
		case effects.MakeChan:
			f.put(f.val(fn, v), f.make(fn, v))
			continue
		case effects.Load:
			if tracked(in.Type) {
				f.edge(f.place(fn, in.Args[0]), f.val(fn, v))
			}
			continue
		case effects.FieldOf:
			if tracked(in.Type) {
				f.edge(f.fieldNode(in), f.val(fn, v))
			}
			continue
		case effects.Extract:
			if tracked(in.Type) {
				f.extract(fn, v, in)
			}
			continue
		default:
			if in.Op.Calls() {
				f.call(fn, v, in)
				continue
			}
			f.escapeArgs(fn, in.Args)
		}
		if tracked(in.Type) {
			f.edge(unknown, f.val(fn, v))
		}
	}
}

// sent lets go what is sent on a channel.
func (f *flow) sent(fn *effects.Func, in *effects.Instr) {
	for i := 1; i < len(in.Args); i += 2 {
		if a := in.Args[i]; a != 0 && tracked(fn.At(a).Type) {
			f.edge(f.val(fn, a), unknown)
		}
	}
}

// make returns the item of what an instruction makes.
func (f *flow) make(fn *effects.Func, v V) int {
	k := valueKey{fn, v, value, 0}
	i, ok := f.itemOf[k]
	if !ok {
		i = len(f.items)
		f.itemOf[k] = i
		f.items = append(f.items, item{obj: &Object{Made: Spot{fn, v}}})
	}
	return i
}

// function puts a function in the node of its value, and binds what it captures.
func (f *flow) function(fn *effects.Func, v V) {
	in := fn.At(v)
	to := f.in(in.Fn)
	if to == nil {
		f.edge(unknown, f.val(fn, v))
		f.escapeArgs(fn, in.Args)
		for _, a := range in.Args {
			if holds(fn.At(a).Type) {
				f.both(f.place(fn, a), unknown)
			}
		}
		return
	}
	k := valueKey{to, 0, value, -1}
	i, ok := f.itemOf[k]
	if !ok {
		i = len(f.items)
		f.itemOf[k] = i
		f.items = append(f.items, item{fn: to})
	}
	f.put(f.val(fn, v), i)
	for k, a := range in.Args {
		if k >= len(to.Free) {
			break
		}
		if tracked(fn.At(a).Type) { // of a method value
			f.edge(f.val(fn, a), f.val(to, to.Free[k]))
		}
		if holds(fn.At(a).Type) {
			f.both(f.place(fn, a), f.place(to, to.Free[k]))
		}
	}
}

// holds reports whether a type is that of addresses of what is tracked.
func holds(t *effects.Type) bool { return t != nil && t.Kind == effects.Pointer && tracked(t.Elem) }

// store moves a value to a place.
func (f *flow) store(fn *effects.Func, in *effects.Instr) {
	if tracked(fn.At(in.Args[1]).Type) {
		f.edge(f.val(fn, in.Args[1]), f.place(fn, in.Args[0]))
	}
}

// place returns the node of what is at an address.
func (f *flow) place(fn *effects.Func, addr V) node {
	switch in := fn.At(addr); in.Op {
	case effects.Alloc, effects.Free:
		return f.node(valueKey{fn, addr, cell, 0})
	case effects.Global:
		return f.class(in.Class)
	case effects.Field:
		if in.Class == "" {
			if c := f.view(fn).Path(nil, addr).Class; c != "" && c != in.Sym {
				return f.class(c)
			}
		}
		return f.fieldNode(in)
	}
	return unknown
}

// fieldNode returns the node of a field.
func (f *flow) fieldNode(in *effects.Instr) node {
	if in.Class == "" {
		return unknown
	}
	return f.class(in.Class)
}

// address looks at what becomes of the address of a place that holds what is tracked.
func (f *flow) address(fn *effects.Func, v V) {
	in := fn.At(v)
	if !holds(in.Type) {
		return
	}
	n := f.place(fn, v)
	if in.Op != effects.Alloc && f.named(fn, in) {
		f.both(n, unknown)
	}
	for _, u := range fn.Uses(v) {
		switch use := fn.At(u); use.Op {
		case effects.Load, effects.Closure:
		case effects.Store:
			if use.Args[1] == v {
				f.both(n, unknown)
			}
		default:
			f.both(n, unknown)
		}
	}
}

// named reports whether other packages can name a field or package variable.
func (f *flow) named(fn *effects.Func, in *effects.Instr) bool {
	if f.main && strings.HasPrefix(in.Class, fn.Unit.Path+".") {
		return false
	}
	if in.Op == effects.Global {
		return exported(in.Class[strings.LastIndexByte(in.Class, '.')+1:])
	}
	return exported(in.Sym)
}

// exported reports whether a name starts with an upper-case letter, or may.
func exported(name string) bool {
	return name == "" || name[0] >= 'A' && name[0] <= 'Z' || name[0] >= 0x80
}

// extract moves a result of a call.
func (f *flow) extract(fn *effects.Func, v V, in *effects.Instr) {
	t := fn.At(in.Args[0])
	if t.Op.Calls() {
		f.edge(f.resultAt(point{fn, in.Args[0]}, int(in.Index)), f.val(fn, v))
		return
	}
	f.edge(unknown, f.val(fn, v))
}

// call moves arguments and results.
func (f *flow) call(fn *effects.Func, v V, in *effects.Instr) {
	at := point{fn, v}
	for _, c := range fn.Callbacks[v] {
		if c.Method == "" && c.Arg != 0 {
			f.callValue(at, c.Arg, nil)
		}
	}
	switch {
	case in.Op == effects.Invoke:
		if isContext(fn.At(in.Args[0]).Type) {
			f.contextCall(fn, v, in)
			return
		}
		f.escapeArgs(fn, in.Args)
		f.unknownResults(fn, v)
	case in.Op == effects.Call && in.Flags&effects.Dynamic != 0:
		if t, ok := f.view(fn).Function(in.Args[0]); ok {
			if to := f.in(t.Fn); to != nil {
				f.bind(at, to, in.Args[1:])
				return
			}
		}
		f.callValue(at, in.Args[0], in.Args[1:])
	case in.Op == effects.Call && f.in(in.Fn) != nil:
		f.bind(at, f.in(in.Fn), in.Args)
	case f.makesContext(fn, v, in):
	default:
		f.harmless(fn, v, in)
	}
}

// callValue notes the call of a function value.
func (f *flow) callValue(at point, fn V, args []V) {
	n := f.val(at.Fn, fn)
	c := call{at, args}
	f.calls[n] = append(f.calls[n], c)
	for i := range f.points[n] {
		f.bindItem(c, i)
	}
}

// harmless lets go the arguments of a call that is not in view, but for functions that it is known to call, and contexts, of which it can only ask.
func (f *flow) harmless(fn *effects.Func, v V, in *effects.Instr) {
	for _, a := range in.Args {
		if a == 0 || !tracked(fn.At(a).Type) || isContext(fn.At(a).Type) {
			continue
		}
		if !slices.ContainsFunc(fn.Callbacks[v], func(c effects.Callback) bool { return c.Arg == a && c.Method == "" }) {
			f.edge(f.val(fn, a), unknown)
		}
	}
	f.unknownResults(fn, v)
}

func isContext(t *effects.Type) bool { return t != nil && t.Sync == effects.Context }

// contextCall gives the channel of Done of the contexts that a value may be.
func (f *flow) contextCall(fn *effects.Func, v V, in *effects.Instr) {
	if in.Sym == "Done" && in.Type != nil {
		f.edge(f.val(fn, in.Args[0]), f.val(fn, v))
		return
	}
	f.unknownResults(fn, v)
}

// makesContext reports whether a call makes a context that is an object, with the function that cancels it; or one that never ends.
func (f *flow) makesContext(fn *effects.Func, v V, in *effects.Instr) bool {
	if in.Class != "context" {
		return false
	}
	switch in.Sym {
	case "context.Background", "context.TODO":
		f.put(f.val(fn, v), endless)
		return true
	case "context.WithCancel":
		i := f.make(fn, v)
		f.items[i].obj.Context = true
		f.put(f.resultAt(point{fn, v}, 0), i)
		f.put(f.resultAt(point{fn, v}, 1), i)
		return true
	}
	return false
}

// open reports whether code that is not in view may call a function.
func (f *flow) open(fn *effects.Func) bool {
	if fn.Parent != nil || fn.Wrapper && !fn.Exported {
		return false
	}
	name := fn.Name[strings.LastIndexByte(fn.Name, '.')+1:]
	switch {
	case !fn.Recv && (name == "main" && f.main || name == "init" || strings.HasPrefix(name, "init#")):
		return true
	case fn.Test && !fn.Recv && fn.Exported:
		return true
	case fn.Recv:
		return f.invoked[name] || fn.Exported && (!f.main || f.boxed[receiver(fn)])
	}
	return fn.Exported && !f.main
}

// receiver returns the name of the type of a method.
func receiver(fn *effects.Func) string {
	if len(fn.Params) == 0 {
		return ""
	}
	if t := fn.At(fn.Params[0]).Type.To(); t != nil {
		return t.Name
	}
	return ""
}

// interfaces notes which methods are called through interfaces, and which types are made interfaces, with what they embed.
func (f *flow) interfaces() {
	for _, fn := range f.funcs {
		for i := range fn.Code {
			switch in := fn.At(V(i)); in.Op {
			case effects.Invoke:
				f.invoked[in.Sym] = true
			case effects.Box:
				f.box(fn.At(in.Args[0]).Type, 0)
			}
		}
	}
}

func (f *flow) box(t *effects.Type, depth int) {
	t = t.To()
	if t == nil || depth > 8 || t.Name != "" && f.boxed[t.Name] {
		return
	}
	f.boxed[t.Name] = true
	for _, field := range t.Fields {
		if field.Embedded {
			f.box(field.Type, depth+1)
		}
	}
}
