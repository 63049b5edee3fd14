// Package capture finds local variables that a goroutine shares with the function which starts it, or
// with other goroutines started there, and on which two of them race.
//
// # The model
//
// A variable is a local one that closures capture; a field of a local struct, and what a local map holds, are
// places inside one. An access is a point, with each way by which the function that declares the variable comes to run the
// literal in which it stands (package threads). What is reached by a literal that is kept
// or given to an unknown function has no way and is left out.
//
// Two accesses to the same place, one of them a write, race if two goroutines can be at both at the same time, going by
// [threads.Scope.Meet], about the variable as it is made anew each time it is declared; and if no lock is held at both.
//
// # What it misses and what it over-reports
//
// Only variables are places: what pointers and slices lead to is not looked at, nor are
// variables whose address is given to a function. An access by a function that other code starts, a timer or a handler, is not
// in the default band, nor is one that something else might order, see package threads; two accesses that both come after a call
// which, by its name, takes a lock may be kept apart by that.
package capture
