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
		u = &unit{&effects.Unit{Path: path, Name: packageName(fn)}, newTable()}
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
	f.Made = fn.Synthetic != ""
	f.Generic = isGeneric(outermost(fn))
	f.Recovers = callsRecover(fn)
	if pos := outermost(fn).Pos(); pos.IsValid() {
		f.Test = strings.HasSuffix(filepath.Base(x.in.Fset.Position(pos).Filename), "_test.go")
	}
	if fn.Recover != nil {
		f.Recover = fn.Recover.Index
	}
	return &function{Func: f, ssa: fn, unit: u}
}

// collect adds the wrappers that functions refer to, and finds the targets of calls that are not static.
func (x *Extractor) collect() {
	for ; x.done < len(x.funcs); x.done++ {
		var space [16]*ssa.Value
		for _, b := range x.funcs[x.done].ssa.Blocks {
			for _, instr := range b.Instrs {
				for _, op := range instr.Operands(space[:0]) {
					if fn, ok := (*op).(*ssa.Function); ok {
						x.wrapper(fn)
					}
				}
				switch instr := instr.(type) {
				case *ssa.MakeInterface:
					for _, m := range x.boxes.methods(instr) {
						x.wrapper(m.fn)
					}
				case ssa.CallInstruction:
					x.call(instr)
				}
			}
		}
	}
	for site, fns := range x.sites {
		targets := make([]*effects.Func, len(fns))
		for i, fn := range fns {
			targets[i] = x.target(canon(fn))
		}
		x.dynamic[site] = targets
	}
	x.sites = nil
}

func (x *Extractor) call(site ssa.CallInstruction) {
	c := site.Common()
	if c.IsInvoke() {
		if m, _ := concreteMethod(c.Value, c.Method); m != nil {
			x.wrapper(canon(m))
			return
		}
	} else if c.StaticCallee() != nil {
		return
	}
	fns := x.in.Dynamic(site)
	for _, fn := range fns {
		x.wrapper(fn)
	}
	if len(fns) > 0 {
		x.sites[site] = fns
	}
}

// wrapper adds a function if it only passes its arguments on.
func (x *Extractor) wrapper(fn *ssa.Function) {
	if fn = canon(fn); fn.Synthetic != "" && fn.Pkg == nil && fn.Parent() == nil {
		x.add(fn, nil)
	}
}

// target returns a function that may be outside.
func (x *Extractor) target(fn *ssa.Function) *effects.Func {
	if f := x.index[fn]; f != nil {
		return f.Func
	}
	f := x.outside[fn]
	if f == nil {
		f = &effects.Func{ID: -1, Unit: &effects.Unit{Path: packageOf(fn), Name: packageName(fn)}, Name: funcName(fn), Key: funcKey(fn), Recover: -1, Code: make([]effects.Instr, 1), First: 1}
		x.outside[fn], x.stands[f] = f, fn
	}
	return f
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
