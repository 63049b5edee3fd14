package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// What a walk has found, in terms of the SSA form, see package held.

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

// A Result is what a walk of one function found.
type Result struct {
	Fn      *ssa.Function
	Summary *summary.Func
	Edges   []held.Edge
	Doubles []Double
	Writers []held.Writer
	Keeps   []Keep
	Slips   []Slip
	Freed   map[ssa.Instruction][]ssa.Instruction // acquisitions, and calls that left a lock held -> what releases it
	LocksAt func(ssa.Instruction) *held.Locks     // at what touches memory or calls, if wanted
	Taken   map[ssa.Instruction]ident.Path        // Lock, TryLock and the like -> the lock, if Locks is wanted
	Trace   []HeldAt                              // filled on request
}

// A HeldAt tells the locks held before one call, one list per state.
type HeldAt struct {
	Instr  ssa.Instruction
	States [][]summary.Held
}

// A Keep is an exit at which a lock is held that the function releases on another way.
type Keep struct {
	Held      summary.Held
	Of        *effects.Func
	Fn        *ssa.Function
	First     ssa.Instruction // the acquisition, or the call that left the lock held
	Exit      ssa.Instruction // *ssa.Return, a *ssa.Panic that is recovered, or the call of runtime.Goexit
	All       bool            // held on every path to Exit
	Decided   bool            // somewhere behind First a branch leads to Exit and to no release any more
	Elsewhere ssa.Instruction // releases it on another way
	Told      bool            // a result tells the caller that this way is another one
}

// A Slip is an unlock that cannot be right where it stands.
type Slip struct {
	Kind  held.SlipKind
	Fn    *ssa.Function
	Instr ssa.Instruction // the unlock
	At    ssa.Instruction // where it happens: Instr, or the end of the function if Instr is deferred
	Path  ident.Path      // of the lock that it unlocks
	Mode  lockgraph.Mode  // of the unlock
	First ssa.Instruction // the acquisition; SlipNever: of another lock, which the function never releases, or nil
	Since ssa.Instruction // SlipTwice: the unlock before
}
