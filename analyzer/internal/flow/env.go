package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// An Env is what a walk needs to know of the rest of the program.
type Env interface {
	// Summary returns the summary of a function; nil if it is unknown.
	Summary(fn *ssa.Function) *summary.Func
	// Dynamic returns the functions which an interface or function-value call may reach.
	Dynamic(site ssa.CallInstruction) []*ssa.Function
	// Frame returns the witness step of an instruction.
	Frame(instr ssa.Instruction) lockgraph.Frame
	// Mutable reports whether the field or variable of this class is stored to
	// after its object was built.
	Mutable(from *ssa.Function, class string) bool
	// Sibling returns the lock which the Locker or Cond in a field of this class
	// always stands for: the name and class of another field of the same object.
	Sibling(class string) (name, lockClass string, read, ok bool)
}
