package blocking

// How the check works.
//
// What is waited for, and everybody who could end the wait, is told by package waits: a wait of which not all is in view is left out. The locks that
// are certainly held at the wait are those that the walk of its function has found there (package held), and those that functions which call it hold at the
// call, up to maxCalls calls away (hold.go).
//
// An end is an operation that could end the wait. A way to it is a chain of calls from where a goroutine starts, or from a function
// that others may call (serve.go). The wait is part of a circle if on every way of every end the lock is in front:
//
//  1. it is taken before, whichever way control takes: by an instruction that dominates the next call on the way, or the operation itself; or
//  2. the way is that of a goroutine which goes round in a loop, and the lock is taken somewhere in that loop: then the goroutine
//     comes to stand in front of the lock sooner or later, while the waiter has it. That a second goroutine of the kind is started just then is not believed; or
//  3. the operation is the last thing that a goroutine does, once (close, Done, its end), and a loop in front of it takes the lock.
//
// Other goroutines that could end the wait without the lock, of which there may be any number, end the matter: those that the first holds for only
// in some of their ways. A WaitGroup waits for all: one goroutine that does not come is enough.
//
// The lock is certainly the same if it is a package variable; if both sides have it from one function, in which the channel is made, or the WaitGroup
// declared; or if on both sides lock and channel are reached by the same steps from what they have in common: s.mu and s.done (place.go). Two read locks do
// not exclude each other.
//
// # What it over-reports
//
// Order between the two sides that is told in another way: a server that takes the lock only before it says that it is ready, and a waiter that waits for
// that first.
//
// # Cost
//
// For each wait with a lock, the ways to its ends, times the locks taken on them; both are bounded (package waits). Who is not seen to the end by
// then is not claimed to stop.
