package threads

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// Owned reports whether nobody but this call can have what v points to, or is, at an instruction: it was made here, by a callee that kept nothing
// of it, or comes from a sync.Pool or goes to one next, and has been seen by nobody since but by goroutines that have ended, and that
// have let nobody see it. v may be a field address, a variable in memory, or a merge of several objects. An object of a caller
// is not owned: whether it is the caller's own is asked there, for the argument at the call.
func (f *View) Owned(v, at effects.V) (Proof, bool) { return nil, false }

// Constructed reports whether v is what a function of the same unit has made and returned, and nobody has got it from this call by an instruction.
// Others may have it all the same, but then the constructor has seen to that; it has started no goroutine with it.
func (f *View) Constructed(v, at effects.V) (Proof, bool) { return nil, false }

// Made reports whether v is an object that this call has made, or is a variable of it, whoever else has it: what a pointer in
// a variable that is set once points to counts.
func (f *View) MadeHere(v effects.V) bool { return false }
