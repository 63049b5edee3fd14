// Package fold takes the ways out of the effects of functions that control never goes.
//
// # The model
//
// A branch on a comparison of constants goes one way. So does one on a variable that was just made and that nothing has set: it is zero. A loop
// that counts from one number to the next has one round. The case of a select never comes on a channel of a function on which nobody does the other half: the channel is that of a variable
// which is never handed on, so that all is seen that is done with it. If one case is left, the select is that operation.
//
// What cannot be reached stays in the code, without a way to it.
//
// # What it misses
//
// Constants that are computed, or given; channels in fields. Loops of more than one round, and those over a range.
package fold

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// Unit changes the effects of a package. It must have all functions of the package, nothing may have been asked of them before, and nobody
// else may look at them. It is linear in their size.
func Unit(u *effects.Unit) {
	selects(u.Funcs)
	for _, fn := range u.Funcs {
		branches(fn)
	}
}
