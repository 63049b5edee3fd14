package guards

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// Phases of an object's life. That nobody else has an object, or has it any more, is shown by the code where all of it is in
// view: then the access is set aside. Where callers in other packages decide, there is only the name of a function to tell
// that it is of the beginning or the end, and the access weighs less; unless the function itself shows that it is not so.

// phase reports whether an access is at the beginning or at the end of an object's life, by the names of the function that
// has it and of the exported one from which it is reached.
func (a *analysis) phase(at ssa.Instruction, via *Link, root RootKind) bool {
	if a.early(at) || a.late(at) {
		return true
	}
	if root != Exported || via == nil {
		return false
	}
	for via.Up != nil {
		via = via.Up
	}
	return a.early(via.Use.Site) || a.late(via.Use.Site)
}

// early reports whether an instruction is in a function that sets an object up, and has not started a goroutine yet.
func (a *analysis) early(at ssa.Instruction) bool {
	fn := at.Parent()
	if says(fn)&model.Early == 0 {
		return false
	}
	for _, u := range a.stage.uses[fn] {
		if u.Kind == flow.Started && behind(u.Site, at) {
			return false
		}
	}
	return true
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
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if a.mayWait(instr) && behind(instr, at) {
				return true
			}
		}
	}
	return false
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
