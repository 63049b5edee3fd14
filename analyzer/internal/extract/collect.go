package extract

import (
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// Add adds functions that have bodies, and their literals.
func (x *Extractor) Add(fns []*ssa.Function) {
	for _, fn := range fns {
		x.add(fn, nil)
	}
}

func (x *Extractor) add(fn *ssa.Function, parent *effects.Func) {
	if _, ok := x.index[fn]; ok || len(fn.Blocks) == 0 {
		return
	}
	x.prog = fn.Prog
	f := x.declare(fn, parent)
	x.index[fn] = f
	x.byFunc[f.Func] = f
	x.funcs = append(x.funcs, f)
	for _, lit := range fn.AnonFuncs {
		x.add(lit, f.Func)
	}
}

// declare says what a function is; its body is made later.
func (x *Extractor) declare(fn *ssa.Function, parent *effects.Func) *function {
	path := packageOf(fn)
	u := x.units[path]
	if u == nil {
		u = &unit{&effects.Unit{Path: path, Name: packageName(fn)}, newTable(x.texts)}
		x.units[path] = u
	}
	f := &effects.Func{Unit: u.Unit, Name: funcName(fn), Parent: parent, Recover: -1}
	if parent != nil {
		parent.Literals = append(parent.Literals, f)
	}
	if o, ok := fn.Object().(*types.Func); ok && o.Exported() {
		f.Key, f.Exported = funcKey(fn), parent == nil
	}
	f.Recv = fn.Signature.Recv() != nil
	f.Wrapper = isWrapper(fn)
	f.Build = x.in.Build(usedIn(fn))
	f.Made = fn.Synthetic != ""
	if f.Generic = isGeneric(outermost(fn)); f.Generic {
		x.texts.declare(outermost(fn))
	}
	f.Recovers = callsRecover(fn)
	if pos := outermost(fn).Pos(); pos.IsValid() {
		f.Test = strings.HasSuffix(filepath.Base(x.in.Fset.Position(pos).Filename), "_test.go")
	}
	if fn.Recover != nil {
		f.Recover = fn.Recover.Index
	}
	d := &function{Func: f, ssa: fn, unit: u}
	if fn.Pkg != nil && !x.made.opened[fn.Pkg] {
		x.made.opened[fn.Pkg] = true
		x.open(d, fn.Pkg)
	}
	return d
}

// look adds the wrappers that a function refers to.
func (x *Extractor) look(f *function) {
	var space [16]*ssa.Value
	for _, b := range f.ssa.Blocks {
		for _, instr := range b.Instrs {
			for _, op := range instr.Operands(space[:0]) {
				if fn, ok := (*op).(*ssa.Function); ok {
					x.refer(fn)
					x.instance(f, fn)
				}
			}
			switch instr := instr.(type) {
			case *ssa.MakeInterface:
				x.made.add(f, instr.X.Type())
				for _, m := range x.boxes.methods(instr) {
					x.refer(m.fn)
				}
			case ssa.CallInstruction:
				x.call(instr)
			}
		}
	}
}

func (x *Extractor) call(site ssa.CallInstruction) {
	c := site.Common()
	if !c.IsInvoke() {
		return
	}
	if m, _ := concreteMethod(c.Value, c.Method); m != nil {
		x.refer(m)
		return
	}
	x.made.invoked[c.Method.Name()] = true
}

// refer adds a function that another refers to, if it only passes its arguments on.
func (x *Extractor) refer(fn *ssa.Function) {
	if fn = canon(fn); passesOn(fn) {
		x.add(fn, nil)
		delete(x.made.wrappers, fn)
	}
}

func passesOn(fn *ssa.Function) bool {
	return fn.Synthetic != "" && fn.Pkg == nil && fn.Parent() == nil
}

func isGeneric(fn *ssa.Function) bool {
	return fn.Origin() == nil && (fn.TypeParams().Len() > 0 || fn.Signature.RecvTypeParams().Len() > 0)
}

func callsRecover(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if bi, ok := call.Call.Value.(*ssa.Builtin); ok && bi.Name() == "recover" {
					return true
				}
			}
		}
	}
	return false
}
