package held

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// An Edge is an acquisition while another lock is held, both in view of one function.
type Edge struct {
	From, To  summary.Held
	Gates     []summary.Held // what else is held
	Conf      int
	Fn        *effects.Func
	Instr     V   // the acquisition or the call that leads to it
	FromParam int // index of the parameter that From is rooted at, or -1
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
	Guess      bool // only if another program makes a call reach that
	Fn         *effects.Func
	Instr      V
	First      V              // the first acquisition, or the call that left the lock held
	Others     []summary.Held // what else is certainly held
}

// A Writer is an acquisition for writing, which can make readers wait.
type Writer struct {
	Lock  ident.Path
	Held  []summary.Held
	Chain *summary.Chain
	Fn    *effects.Func
}

// A Context is what holds at every call of a function from another.
type Context struct {
	Site     V
	Callee   *effects.Func
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
	Fn       *effects.Func
	Summary  *summary.Func
	Edges    []Edge
	Doubles  []Double
	Writers  []Writer
	Contexts []Context
	Keeps    []Keep
	Slips    []Slip
	Freed    map[V][]V            // acquisitions, and calls that left a lock held -> what releases it
	Relieved []*effects.Func      // functions that leave locked what is released here
	Locks    map[V]*Locks         // at what touches memory or calls, if wanted
	Waits    map[V][]summary.Held // at what may wait for other goroutines: certainly held, if Locks is wanted
	Taken    map[V]ident.Path     // Lock, TryLock and the like -> the lock, if Locks is wanted
	Trace    []HeldAt             // filled on request
}

// A HeldAt tells the locks held before one call, one list per state.
type HeldAt struct {
	Instr  V
	States [][]summary.Held
}
