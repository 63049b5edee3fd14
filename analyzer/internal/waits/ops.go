package waits

import (
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// An opKind is an operation on a WaitGroup, a Cond or a Once.
type opKind uint8

const (
	opNone opKind = iota
	opAdd         // n > 0, or not constant
	opDone        // n times
	opWait
	opGo
	opCondWait
	opWake // Signal or Broadcast
	opOnceDo
)

// An op is one such operation in the source.
type op struct {
	kind  opKind
	recv  ssa.Value // pointer to the object
	n     int64     // Add and Done; 0 if not constant
	arg   ssa.Value // of Add, Go and Do
	instr ssa.CallInstruction
}

// opOf returns the operation that an instruction is; its kind is opNone if it is none.
func opOf(instr ssa.Instruction) op {
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return op{}
	}
	typ, name := syncMethod(call.Common())
	if typ == "" {
		return op{}
	}
	args := call.Common().Args
	o := op{recv: args[0], instr: call}
	if len(args) > 1 {
		o.arg = args[1]
	}
	switch typ + "." + name {
	case "WaitGroup.Add":
		o.kind = opAdd
		if c, ok := o.arg.(*ssa.Const); ok && c.Value != nil {
			o.n, _ = constant.Int64Val(constant.ToInt(c.Value))
			if o.n < 0 {
				o.kind, o.n = opDone, -o.n
			}
		}
	case "WaitGroup.Done":
		o.kind, o.n = opDone, 1
	case "WaitGroup.Wait":
		o.kind = opWait
	case "WaitGroup.Go":
		o.kind = opGo
	case "Cond.Wait":
		o.kind = opCondWait
	case "Cond.Signal", "Cond.Broadcast":
		o.kind = opWake
	case "Once.Do":
		o.kind = opOnceDo
	}
	return o
}

// syncMethod returns the type and the name of the method of package sync that a call is of.
func syncMethod(c *ssa.CallCommon) (typ, name string) {
	fn := c.StaticCallee()
	if fn == nil || len(c.Args) == 0 || fn.Synthetic != "" && fn.Pkg == nil {
		return "", ""
	}
	if o, ok := fn.Object().(*types.Func); ok {
		return methodOf(o)
	}
	return "", ""
}

// methodOf returns the type and the name of a method of package sync.
func methodOf(o *types.Func) (typ, name string) {
	if o.Pkg() == nil || o.Pkg().Path() != "sync" || o.Signature().Recv() == nil {
		return "", ""
	}
	t := types.Unalias(o.Signature().Recv().Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name(), o.Name()
	}
	return "", ""
}

// Judges reports whether calls of a function are what this package is about.
func Judges(fn *types.Func) bool {
	if fn.Pkg() != nil && fn.Pkg().Path() == "sync" && onceFuncs[fn.Name()] {
		return true
	}
	typ, _ := methodOf(fn)
	return typ == "WaitGroup" || typ == "Cond" || typ == "Once"
}

// onceFuncs are the functions that return one which calls another only once.
var onceFuncs = map[string]bool{"OnceFunc": true, "OnceValue": true, "OnceValues": true}

// calleeIn reports whether a call is of a function of a package of the standard library
// or beside it, given by path.
func calleeIn(c *ssa.CallCommon, path string) (name string, ok bool) {
	fn := c.StaticCallee()
	if fn == nil {
		return "", false
	}
	o, isFunc := fn.Object().(*types.Func)
	if !isFunc || o.Pkg() == nil || o.Pkg().Path() != path {
		return "", false
	}
	return o.Name(), true
}
