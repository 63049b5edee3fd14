package threads

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// A Start is an instruction that starts a goroutine of which the function is known.
type Start struct {
	At effects.V
	Fn *effects.Func
}

// Starts returns the goroutines that the function itself starts, in order: go statements, and calls that start a literal.
func (f *View) Starts() []Start { return nil }

// Ended reports whether a goroutine that an instruction of this function starts has ended by another instruction, whenever control gets there from the
// start: on every way the function waits for what the goroutine does last (Done of a WaitGroup that was added to before, return of what
// a group has started, close of or send to a channel).
func (f *View) Ended(start, at effects.V) (Proof, bool) { return nil, false }

// BeforeStarts reports whether an instruction comes before all goroutines that the function starts, and before one on every way to that.
func (f *View) BeforeStarts(at effects.V) bool { return false }
