package guards

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// Phases of an object's life. That nobody else has an object, or has it any more, is shown by the code where all of it is in
// view: then the access is set aside. Where callers in other packages decide, there is only the name of a function to tell
// that it is of the beginning or the end, and the access weighs less; unless the function itself shows that it is not so.

// phase reports whether an access is at the beginning or at the end of an object's life, by the names of the function that
// has it and of the exported one from which it is reached. The others are the accesses that it may meet.
func (a *analysis) phase(at ssa.Instruction, via *Link, root RootKind, others []*Site) bool {
	if a.early(at, others) || a.late(at) {
		return true
	}
	if root != Exported || via == nil {
		return false
	}
	for via.Up != nil {
		via = via.Up
	}
	return a.early(via.Use.Site, others) || a.late(via.Use.Site)
}

// early reports whether an instruction is in a function that sets an object up, and that has not yet started a goroutine
// by which one of the other accesses is reached, or may have waited for it since.
func (a *analysis) early(at ssa.Instruction, others []*Site) bool {
	if says(at.Parent())&model.Early == 0 {
		return false
	}
	started := func(r int) bool {
		root := &a.stage.roots[r]
		return root.Kind == Goroutine && behind(root.Site, at) && !a.waitsBetween(root.Site, at)
	}
	return !slices.ContainsFunc(others, func(o *Site) bool {
		return slices.ContainsFunc(o.Scenes, func(in Situation) bool { return slices.ContainsFunc(in.Roots, started) })
	})
}

// late reports whether an instruction is in a function that puts an end to an object: one for who is the last to have it, or
// one that has called something before that may wait for the others. To tell them to stop is not to wait until they have.
func (a *analysis) late(at ssa.Instruction) bool {
	fn := at.Parent()
	switch {
	case says(fn)&model.Last != 0:
		return true
	case says(fn)&model.Late == 0:
		return false
	case fn.Parent() != nil:
		return true // a literal: when it runs is not known here
	}
	return a.waitsBetween(nil, at)
}

// waitsBetween reports whether something between two instructions may wait for goroutines; the first may be nil for the
// start of the function.
func (a *analysis) waitsBetween(from, to ssa.Instruction) bool {
	found := false
	flow.EachInstr(to.Parent(), func(instr ssa.Instruction) {
		found = found || a.mayWait(instr) && (from == nil || behind(from, instr)) && behind(instr, to)
	})
	return found
}

func says(fn *ssa.Function) model.Says { return model.NameSays(flow.Outermost(fn).Name()) }

// mayWait reports whether an instruction may wait for goroutines: a receive, or a call of what is not known not to.
func (a *analysis) mayWait(instr ssa.Instruction) bool {
	if receives(instr) {
		return true
	}
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	if fn := call.Call.StaticCallee(); fn != nil && fn.Object() != nil && model.IsLockOp(fn.Object()) {
		return false
	}
	return !harmless(call, a.in.Path)
}
