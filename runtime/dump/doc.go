// Package dump tells what all goroutines of a program do at one moment: where each
// stands, which lock it waits for, which locks it holds, and which of them can never go on.
//
// # Model
//
// A [Dump] is a list of goroutines, each with its stack, with the lock it waits for ([Wait])
// and the locks it holds ([Hold]). It is made in two ways:
//
//   - A watched dump comes out of a program in which lockcheck watches the locks. The shim
//     parses what runtime.Stack prints ([Parse]) and fills in Waits and Holds from its own
//     tables. Who holds a lock is then known.
//   - An unwatched dump is the text that any Go program prints: on SIGQUIT, at a panic, when
//     a test times out, at /debug/pprof/goroutine?debug=2. Go does not print who holds a lock,
//     and sync does not record it. The states and the arguments in the stacks still tell a
//     part of it, and [Dump.Analyze] says that part, as a guess.
//
// Analyze of a watched dump builds a wait-for graph. A goroutine that waits for a lock points
// at every goroutine that must unlock it first: the writer, or for a writer all readers, or
// for a reader the writer that waits before it, because a pending writer keeps new readers
// out. All of these must go on before the waiting one can, so each circle in the graph is a
// deadlock ([Deadlock]), and it is certain. A goroutine that holds a lock for which others wait, and
// itself waits for something that is not a lock, a channel or a WaitGroup, is [Stuck] with
// those others: who would end its wait cannot be known. If one of the others was started by
// it, this looks like a deadlock.
//
// Analyze of an unwatched dump groups goroutines by the lock they wait for, and looks for
// goroutines that may hold it: those which are in a call that has a pointer to the object
// around the lock, or whose receiver is lost but which are in a method of its type. What speaks against one
// counts as well: that it waits in the same place for another lock, or that what it waits for lies in another object.
// That a goroutine which waits was called by another method of the object says nothing; that others
// wait for the lock in that method, before where this one has passed, does, or that nobody else of the
// program is there. All that it finds is Stuck, with two exceptions that stacks do prove: a
// sync.Once that waits for itself, and the runtime's own "all goroutines are asleep".
//
// Errors that Go itself has printed, such as "concurrent map writes" or a report of the race detector, are
// notes of a Dump, which Analyze explains ([Fault]).
//
// # What it misses
//
//   - A lock that no table knows: one of plain sync in a program whose other locks are watched.
//   - The holder in an unwatched dump, if its arguments are no longer in registers (Go marks
//     them with a question mark) or its calls were inlined (three dots).
//   - Deadlocks among channels, WaitGroups and condition variables alone.
//   - Goroutines beyond the first million, frames beyond the first eight million and the
//     remainder of a line longer than 64 KiB, unless that is a record which holds a dump. Notes tell if
//     something was left out.
//
// # What it over-reports
//
// Any goroutine may unlock a mutex in Go. Two goroutines that wait for each other's locks
// are called deadlocked although a third could unlock one. Guesses in unwatched dumps are
// wrong when a goroutine has a pointer to an object but not its lock, or two objects lie
// close to each other; they say "may" and "looks like".
//
// # Cost
//
// Parse takes time and space in proportion to its input and keeps each distinct name once: about 2 seconds and 250 MB for
// the 70 MB of 100,000 goroutines.
// Analyze takes time in proportion to the number of goroutines, waits and holds, times a
// logarithm for sorting. Nothing here blocks, starts goroutines or takes locks. A Dump
// is not safe for concurrent use.
package dump
