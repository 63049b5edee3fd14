package extract

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// A callee is a function that is called, or is a value.
type callee struct {
	fn       *effects.Func // nil if it is not in the program
	pkg, key string
	obj      *types.Func // nil for literals
	stands   bool        // it is the wrapper of a method of something inside the receiver
}

// callee returns what is known of a function that is no instance.
func (b *builder) callee(fn *ssa.Function) *callee {
	c := b.callees[fn]
	if c != nil {
		return c
	}
	c = &callee{pkg: packageOf(fn), key: funcKey(fn)}
	if f := b.x.index[fn]; f != nil {
		c.fn = f.Func
	}
	if c.obj, _ = fn.Object().(*types.Func); c.obj != nil {
		c.stands = isWrapper(fn) && !receives(fn, c.obj)
	}
	if c.key == "" {
		c.key = funcName(fn)
	}
	b.callees[fn] = c
	return c
}

// receives reports whether the first parameter of a wrapper is the receiver of the method that it calls.
func receives(fn *ssa.Function, method *types.Func) bool {
	recv := method.Signature().Recv()
	return recv == nil || len(fn.Params) > 0 && types.Identical(fn.Params[0].Type(), recv.Type())
}

// name says in an instruction which function it is about.
func (c *callee) name(in *effects.Instr) { in.Fn, in.Class, in.Sym = c.fn, c.pkg, c.key }

// A call is one that calls back.
type call struct {
	node   int32
	effect *model.Effect
	args   []ssa.Value
}

// call translates a call.
func (b *builder) call(x ssa.CallInstruction, in *effects.Instr) {
	c := x.Common()
	switch x := x.(type) {
	case *ssa.Call:
		if tuple, ok := x.Type().(*types.Tuple); !ok || tuple.Len() > 0 {
			in.Type = b.typ(x.Type())
		}
	case *ssa.Defer:
		in.How = effects.Deferred
	case *ssa.Go:
		in.How = effects.Started
	}
	pos := x.Pos()
	if _, builtin := c.Value.(*ssa.Builtin); !builtin {
		pos = posOf(x)
	}
	if start, ok := b.x.syntax.calls[pos]; ok && b.x.in.Fset.Position(start).Line == b.x.in.Fset.Position(pos).Line {
		pos = start
	}
	in.Pos = b.pos(pos)
	switch v := c.Value.(type) {
	case *ssa.Builtin:
		b.builtin(v.Name(), c.Args, in)
	case *ssa.Function:
		b.static(b.callee(canon(v)), c.Args, in)
	default:
		if c.IsInvoke() {
			b.invoke(x, in)
			return
		}
		in.Op, in.Flags = effects.Call, effects.Dynamic
		b.ops = append(append(b.ops, v), c.Args...)
	}
}

func (b *builder) builtin(name string, args []ssa.Value, in *effects.Instr) {
	switch name {
	case "close":
		in.Op = effects.Close
		b.ops = append(b.ops, args...)
	case "ssa:wrapnilchk":
		in.Op = effects.Convert
		b.ops = append(b.ops, args[0])
	case "Add", "Slice", "SliceData": // of package unsafe
		in.Op, in.Flags = effects.Convert, effects.Through
		b.ops = append(b.ops, args[0])
	case "append", "copy", "delete", "clear", "recover", "panic", "len", "cap", "print", "println":
		in.Op, in.Sym = effects.Builtin, name
		b.ops = append(b.ops, args...)
	default:
		in.Op, in.Sym = effects.Opaque, name
		for _, a := range args {
			if refers(a.Type()) {
				b.ops = append(b.ops, a)
			}
		}
	}
}

// static translates a call of a function that is known.
func (b *builder) static(c *callee, args []ssa.Value, in *effects.Instr) {
	c.name(in)
	b.ops = append(b.ops, args...)
	in.Op = effects.Call
	if c.obj == nil || c.stands {
		return
	}
	if e := model.Lookup(c.obj); e != nil {
		b.known(e, args, in)
	}
	if s := model.SyncOf(c.obj); s != model.NoSync && len(args) > 0 {
		synchronizes(s, c.obj, in)
	}
	if in.Op != effects.Call {
		return
	}
	if model.Joins(c.obj) {
		in.Flags |= effects.Joins
	}
	if writes, known := model.Mutates(c.obj); writes {
		in.Flags |= effects.Mutates
	} else if known {
		in.Flags |= effects.Reads
	}
}

// known translates a call of which the model tells the effect.
func (b *builder) known(e *model.Effect, args []ssa.Value, in *effects.Instr) {
	switch e.Op {
	case model.None:
		in.Op = effects.Known
	case model.Lock, model.RLock:
		in.Op = effects.Acquire
	case model.Unlock, model.RUnlock:
		in.Op = effects.Release
	case model.TryLock, model.TryRLock:
		in.Op = effects.TryAcquire
	case model.RLocker:
		in.Op = effects.RLocker
	case model.NewCond:
		in.Op = effects.NewCond
	case model.Wait:
		in.Op = effects.CondWait
	}
	if e.Op == model.RLock || e.Op == model.RUnlock || e.Op == model.TryRLock {
		in.Flags |= effects.Shared
	}
	if e.NoReturn {
		in.Flags |= effects.NoReturn
	}
	if len(e.Calls) > 0 || len(e.Spawns) > 0 || len(e.Methods) > 0 || e.Formats != nil {
		b.calls = append(b.calls, call{node: b.now, effect: e, args: args})
	}
}

// synchronizes translates a call by which goroutines wait for each other or tell each other something.
func synchronizes(s model.Sync, fn *types.Func, in *effects.Instr) {
	switch s {
	case model.Signal:
		in.Op = effects.Signal
	case model.Broadcast:
		in.Op = effects.Signal
		in.Flags |= effects.All
	case model.Add:
		in.Op = effects.Add
	case model.Done:
		in.Op = effects.Done
	case model.Await:
		in.Op = effects.Wait
	case model.Start:
		in.Op = effects.Start
	case model.Do:
		in.Op = effects.Once
	case model.Atomic:
		in.Op, in.Sym = effects.Atomic, fn.Name()
		if fn.Signature().Recv() != nil {
			in.Flags |= effects.Method
		}
	}
}

// invoke translates a call of a method of an interface.
func (b *builder) invoke(x ssa.CallInstruction, in *effects.Instr) {
	c := x.Common()
	e := model.Lookup(c.Method)
	if fn, recv := concreteMethod(c.Value, c.Method); fn != nil {
		m := b.callee(canon(fn))
		if e == nil || m.fn != nil {
			b.static(m, append([]ssa.Value{recv}, c.Args...), in)
			return
		}
	}
	in.Sym = c.Method.Name()
	if p := c.Method.Pkg(); p != nil {
		in.Class = p.Path()
	}
	args := append([]ssa.Value{c.Value}, c.Args...)
	b.ops = append(b.ops, args...)
	in.Op = effects.Invoke
	if c.Method.Exported() {
		in.Flags |= effects.Exported
	}
	if e != nil {
		b.known(e, args, in)
	} else if model.Joins(c.Method) {
		in.Flags |= effects.Joins
	}
}
