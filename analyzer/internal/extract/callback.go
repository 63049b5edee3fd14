package extract

import (
	"go/constant"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// callbacks tells the functions that calls call back, and the methods of what is made an interface.
func (b *builder) callbacks() {
	for _, c := range b.calls {
		if v := b.nodes[c.node].v; v != 0 {
			b.add(v, b.called(c))
		}
	}
	for i := range b.nodes {
		n := &b.nodes[i]
		switch n.in.Op {
		case effects.Box:
			b.boxes(n.v, b.instrs[i].(*ssa.MakeInterface))
		case effects.Call, effects.Invoke:
			if b.x.in.Site != nil && (n.in.Op == effects.Invoke || n.in.Flags&effects.Dynamic != 0) {
				b.x.in.Site(b.instrs[i].(ssa.CallInstruction), b.f.Func, n.v)
			}
		}
	}
}

func (b *builder) add(v effects.V, cs []effects.Callback) {
	if len(cs) == 0 {
		return
	}
	if b.f.Callbacks == nil {
		b.f.Callbacks = map[effects.V][]effects.Callback{}
	}
	b.f.Callbacks[v] = cs
}

func (b *builder) boxes(v effects.V, mi *ssa.MakeInterface) {
	ms := b.x.boxes.at(mi)
	if len(ms) == 0 {
		return
	}
	cs := make([]effects.Callback, len(ms))
	for i, m := range ms {
		cs[i] = b.method(v, mi, m)
	}
	b.add(v, cs)
}

// method returns the callback of a method of an operand.
func (b *builder) method(arg effects.V, mi *ssa.MakeInterface, m boxedMethod) effects.Callback {
	c := b.callee(m.fn)
	return effects.Callback{Arg: arg, Method: m.name, Fn: c.fn, Pkg: c.pkg, Key: c.key, Recv: b.value(mi.X)}
}

// called returns what a call calls back.
func (b *builder) called(c call) []effects.Callback {
	var cs []effects.Callback
	function := func(i int, started bool) {
		if i < len(c.args) {
			cs = append(cs, effects.Callback{Arg: b.value(c.args[i]), Started: started})
		}
	}
	for _, i := range c.effect.Calls {
		function(i, false)
	}
	for _, i := range c.effect.Spawns {
		function(i, true)
	}
	for _, m := range c.effect.Methods {
		if m.Arg < len(c.args) {
			for _, alternatives := range m.Names {
				cs = b.first(cs, c.args[m.Arg], alternatives)
			}
		}
	}
	if c.effect.Formats != nil {
		cs = b.formats(cs, c.args, c.effect.Formats)
	}
	return cs
}

// first adds the first method of some, separated by bars, that an operand has which was made an interface in plain sight.
func (b *builder) first(cs []effects.Callback, arg ssa.Value, alternatives string) []effects.Callback {
	mi := boxed(arg)
	if mi == nil {
		return cs
	}
	ms := b.x.boxes.at(mi)
	if len(ms) == 0 {
		return cs
	}
	for name := range strings.SplitSeq(alternatives, "|") {
		for _, m := range ms {
			if m.name == name {
				return append(cs, b.method(b.value(arg), mi, m))
			}
		}
	}
	return cs
}

// formats adds the methods by which fmt prints the operands.
func (b *builder) formats(cs []effects.Callback, args []ssa.Value, f *model.Formats) []effects.Callback {
	if f.From >= len(args) {
		return cs
	}
	var methods []string
	if f.Verbs >= 0 {
		k, ok := args[f.Verbs].(*ssa.Const)
		if !ok || k.Value == nil || k.Value.Kind() != constant.String {
			return cs
		}
		if methods, ok = model.Verbs(constant.StringVal(k.Value)); !ok {
			return cs
		}
	}
	for i, op := range variadic(args[f.From]) {
		names := model.Stringers
		if f.Verbs >= 0 {
			if i >= len(methods) {
				break
			}
			names = methods[i]
		}
		if op != nil && names != "" {
			cs = b.first(cs, op, names)
		}
	}
	return cs
}

// maxVariadic bounds the variadic operands that are looked at.
const maxVariadic = 256

// variadic returns the elements of a variadic argument built in plain sight.
func variadic(v ssa.Value) []ssa.Value {
	s, ok := v.(*ssa.Slice)
	if !ok {
		return nil
	}
	arr, ok := s.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var ops []ssa.Value
	for _, ref := range *arr.Referrers() {
		ia, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		k, ok := ia.Index.(*ssa.Const)
		if !ok {
			continue
		}
		i := int(k.Int64())
		for len(ops) <= i && i < maxVariadic {
			ops = append(ops, nil)
		}
		for _, r := range *ia.Referrers() {
			if store, ok := r.(*ssa.Store); ok && store.Addr == ia && i < len(ops) {
				ops[i] = store.Val
			}
		}
	}
	return ops
}
