package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// What a walk has found, in terms of the SSA form, see package held.

// A Result is what a walk of one function found.
type Result struct {
	Fn      *ssa.Function
	Summary *summary.Func
	LocksAt func(ssa.Instruction) *held.Locks // at what touches memory or calls, if wanted
}
