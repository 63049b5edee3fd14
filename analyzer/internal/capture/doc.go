// Package capture finds local variables that a goroutine shares with the function which starts it, or
// with other goroutines started there, and on which two of them race.
//
// # The model
//
// A variable is a local one that closures capture; a field of a local struct, and what a local map holds, are
// places inside one. Each function literal has runs: the calls, defers and starts of it which are
// in plain sight. A context of an access is the chain of runs from the function that declares
// the variable to the literal in which the access stands. What is reached by a literal that is kept
// or given to an unknown function has no context and is left out.
//
// Two accesses to the same place, one of them a write, meet in the function H in which
// their contexts part. There the first one stands for a start of a goroutine, and the second
// one for another start, for the same start in a later round of a loop, or for something that H itself
// does. They race if
//
//  1. H can get from the start to the second event, without making the variable anew;
//  2. on such a path there is no join: nothing that waits for a signal which the goroutine
//     gives after its access;
//  3. the goroutine does not wait, before its access, for a signal that H gives after the second;
//  4. no lock is held at both, and the literal is not run by a sync.Once;
//  5. not only one goroutine of all comes to both, having been the one to change an atomic variable from a value that
//     nothing leads back to, and neither comes when all have counted, the other one before its own count (winner.go).
//
// This is the happens-before relation of the Go memory model (https://go.dev/ref/mem), cut down to
// what can be told from the text of one function and its literals. Signals and waits are told
// apart by where their channel, WaitGroup or context comes from: a chain of
// loads and fields to a local variable, a parameter, a call. What gives a signal by waiting
// for another one passes it on. A channel with room for n values that is filled up waits for all goroutines of which each
// took a place before it was started (fill.go).
//
// # What it misses and what it over-reports
//
// Only variables are places: what pointers and slices lead to is not looked at, nor are
// variables whose address is given to a function. A call that gets something which
// the goroutine may signal through counts as perhaps a join; so does a join on only
// some of the paths that is not a case of a select. Both take the finding out of the
// default band. So does an access by a function that other code starts, a timer or a handler.
// Order that lies in the values (a flag read under a lock) is not seen, but
// locks and atomic operations between the two count as perhaps joins, in literals that are given away as well.
// That a count which all come before is as high as there are goroutines is taken for granted.
package capture
