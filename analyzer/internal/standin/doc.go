// Package standin finds what a program uses as a mutex though it is none by its type, and makes operations on locks of what is done
// with it: everything that knows locks then knows these.
//
// # The model
//
// A channel of capacity 1 is a mutex if all that is ever done with it is to put something in and to take it out again, in this order
// (or the other way round, if something was put in when it was made), and what is put in is of no interest. The channel is that of
// an unexported field, an unexported package variable, or a variable of a function, which never gets another one and is never given
// to somebody else, so that all that is done with it is seen. "In this order" is asked of each function together with the literals
// that run in it: the release is in a literal, or comes after an acquire on every path. A function that only puts in, or only takes
// out, is taken for a part of the functions that call it (a helper like lock and unlock), if there are any; the methods Lock and
// Unlock of a type are such parts without callers, too. A channel by which one function tells another something is none of that:
// what one function puts in, another one takes out. A case of a select is an attempt, as TryLock is. A type of channels whose methods can do nothing but lock is
// a mutex if those methods use it so, and all its values that the package makes have capacity 1.
//
// A type whose methods can do nothing but lock (see [effects.LockType]) and which has no lock inside is a spin lock if its methods Lock
// and TryLock compare and swap, or swap, a field that Unlock sets back: what Lock swaps successfully is acquired then.
//
// # What it misses
//
// Channels in exported variables and fields, in elements, and those that functions get or give; channels of which a value is used
// that was taken out (a pool of one); a release as one of several cases of a select. Spin locks that hand out tickets or count.
package standin

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// Find changes the effects of a package. It must have all functions of the package, nothing may have been asked of them before, and
// nobody else may look at them. It is linear in their size.
func Find(u *effects.Unit) {
	for _, fn := range u.Funcs {
		spin(fn)
	}
	channels(u)
}
