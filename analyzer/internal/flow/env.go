package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// An Env is what a walk needs to know of the rest of the program.
type Env interface {
	// Summary returns the summary of a function; nil if it is unknown.
	Summary(fn *ssa.Function) *summary.Func
	// Dynamic returns the functions which an interface or function-value call may reach.
	Dynamic(site ssa.CallInstruction) []*ssa.Function
	// Wanted reports whether the locks at the accesses of a function are wanted.
	Wanted(fn *ssa.Function) bool
	// Frame returns the witness step of an instruction.
	Frame(instr ssa.Instruction) lockgraph.Frame
	// Mutable reports whether the field or variable of this class is stored to
	// after its object was built.
	Mutable(class string) bool
	// Sibling returns the lock which the Locker or Cond in a field of this class
	// always stands for: the name and class of another field of the same object.
	Sibling(class string) (name, lockClass string, read, ok bool)
}

// An Edge is an acquisition while another lock is held, both in view of one function.
type Edge struct {
	From, To  summary.Held
	Gates     []summary.Held // what else is held
	Conf      int
	Fn        *ssa.Function
	Instr     ssa.Instruction // the acquisition or the call that leads to it
	FromParam int             // index of the parameter that From is rooted at, or -1
	ToParam   int
	Link      string         // if From and To have one class: how the instances are related
	Released  []summary.Lock // the caller's locks released before
}

// A Double is an acquisition of a lock that is held already.
type Double struct {
	Held       summary.Held
	Mode       lockgraph.Mode // of the second acquisition
	Path       ident.Path     // of the lock, in terms of Fn
	Chain      *summary.Chain // to the second acquisition, starting in Fn
	Always     bool           // the callee locks it on every path
	All        bool           // the lock is held on every path that comes here
	Correlated bool           // first acquisition dominates the second
	Conf       int
	Fn         *ssa.Function
	Instr      ssa.Instruction
	First      ssa.Instruction // the first acquisition, or the call that left the lock held
	Others     []summary.Held  // what else is certainly held
}

// A Writer is an acquisition for writing, which can make readers wait.
type Writer struct {
	Lock  ident.Path
	Held  []summary.Held
	Chain *summary.Chain
	Fn    *ssa.Function
}

// A Context is what holds at every call of a function from another.
type Context struct {
	Site     ssa.Instruction
	Callee   *ssa.Function
	Held     []summary.Held // held on all paths
	Fresh    uint64         // bit i: argument i is an object that nobody else has seen
	Lent     uint64         // bit i: the same, or only goroutines that it is lent to have
	Passed   []Passed
	Released []summary.Lock // the caller's locks released before
}

// A Passed is an argument that is a parameter of the caller, which has not been published there: as new as that is.
type Passed struct {
	Arg, Param int
	Lent       bool // it may have been lent
}

// A Result is what a walk of one function found.
type Result struct {
	Fn       *ssa.Function
	Summary  *summary.Func
	Edges    []Edge
	Doubles  []Double
	Writers  []Writer
	Contexts []Context
	Keeps    []Keep
	Slips    []Slip
	Freed    map[ssa.Instruction][]ssa.Instruction // acquisitions, and calls that left a lock held -> what releases it
	Locks    map[ssa.Instruction]*Locks            // at what touches memory or calls, if wanted
	Taken    map[ssa.Instruction]ident.Path        // Lock, TryLock and the like -> the lock, if Locks is wanted
	Trace    []HeldAt                              // filled on request
}

// A HeldAt tells the locks held before one call, one list per state.
type HeldAt struct {
	Instr  ssa.Instruction
	States [][]summary.Held
}
