// Package flow walks one function and finds which locks are held at every
// point of it.
//
// # The model
//
// A state is a list of locks held (with the mode, whether held on all paths merged
// into the state, and how they came to be held), a list of the caller's locks that
// were released, the deferred calls so far, and what is known of conditions
// and of pointers merged at joins. A state goes through a block instruction by
// instruction; calls apply the summary of the callee; at a return the deferred
// calls run, last first, each where it runs.
//
// States that agree on locks and deferred calls are merged, keeping what both know
// of conditions; states that differ stay apart, so that at
//
//	if c { mu.Lock(); defer mu.Unlock() }
//
// the two ways each carry their own deferred calls to the end, and a second
// test of c picks the right one. This is property simulation (M. Das, S. Lerner, M.
// Seigle: ESP: Path-Sensitive Program Verification in Polynomial Time, PLDI 2002,
// https://doi.org/10.1145/512529.512538):
//
//  1. split a state into its property (locks, deferred calls) and the rest;
//  2. keep per block at most one state per property, joining the rest;
//  3. at a branch, drop a state whose rest contradicts the condition, otherwise
//     add the condition to the rest;
//  4. propagate changed states in reverse postorder until nothing changes.
//
// A block keeps at most eight states; beyond that they are joined into one whose
// locks are "may be held" where the joined states differ.
//
// A pointer is an access path (package ident). A value which a loop computes
// again is a new root: locks reached through the old value are remembered as
// those of the value before, which is what makes hand-over-hand locking come
// out right.
//
// An object that the call has made is new until something publishes it: a store where others find it, a send, a go
// statement, an unknown call. One that only goroutines get which take no locks but those of the object is lent: its
// locks order nothing with others, but its fields have to be guarded. See fresh.go and lent.go.
//
// The way of a receive which finds the channel closed is not taken if nobody closes it (endless.go).
//
// # What it misses and what it over-reports
//
// Conditions are compared by text, not by arithmetic: x > 0 and x >= 1 are
// unrelated, so a path through both outcomes is believed. Memory that another
// goroutine may write is believed to keep its value between two tests unless a lock
// is taken or a loop closes between them. A path ends where it
// panics: neither the deferred calls that run then nor a recovery is followed. Deferred calls in loops run once. A callback's own effect on locks
// (leaving one locked) is not applied to the function that passed it. A deferred
// call inside a range-over-func body is taken to run at the end of the body.
package flow
