// Package lockcheck replaces package sync in programs and tests that are to be watched for deadlocks.
//
//	import sync "github.com/lockcheck/lockcheck/runtime"
//
// Built with -tags lockcheck, its locks report a deadlock that can happen, from the order in
// which they were seen to be acquired, and one that has happened, at the moment it does;
// and [Dump] prints all goroutines with the locks they hold and wait for. Built without the tag, its
// types are those of package sync, and nothing is watched.
//
// # What is reported
//
//   - A lock order inversion: locks that goroutines acquire in orders that form a cycle, of any
//     length, even if nothing has hung yet. It is reported before the goroutine that closes
//     the cycle blocks, with the stacks of all sides. Nothing is reported if a common
//     gate lock keeps the sides apart, if one goroutine does it all, if one side can only come after the other
//     since it was started by it or waited for by a WaitGroup, if nobody in the cycle
//     waits for a writer, or if the source shows that a side locks an object that it has made and shown to nobody, or that one
//     function makes all sides and compares the objects for the order.
//   - A read lock that is acquired again by its holder, where there are writers.
//   - A deadlock: goroutines that wait for each other, or one that waits for itself, through
//     mutexes, readers and pending writers, as the last one blocks. If that has not changed after a second, a test
//     process exits with code 2, after a dump, since it cannot go on.
//   - Long waits, and locks that are held for long, see [Options].
//
// Each is reported once, to standard error unless [Configure] or the environment says otherwise. Tests
// are made to fail by [VerifyTestMain] and [VerifyTest]; without these, a test binary that go test runs fails as a whole, at its end.
//
// # Model
//
// Locks are told apart by class: locks of one struct field, or of one variable, are alike, and an order
// seen with some objects is taken to be meant for all. Two locks of one class that are held at the same time, such
// as parent and child in a tree, are told apart by instance. A class is found by the calls that
// lock its locks; names in reports come from the source, if it is there. They are the names that
// the static half uses.
//
// # What it misses, and what it over-reports
//
// Missed: what the program did not do while it was watched; deadlocks with channels, WaitGroups and Conds,
// which a dump shows, but nothing proves; locks of package sync itself, as in the standard library
// and in dependencies that were not rewritten. A [Map] and a [Pool] are those of sync.
// That a go statement orders what comes before it is known only from the first lock that the new goroutine
// takes.
//
// Over-reported: a mutex used as a signal, which one goroutine locks twice and another unlocks in between, the first
// time that this is seen; cycles that a state, a channel or anything else than locks, WaitGroups and
// births of goroutines keeps open.
//
// # Cost
//
// A lock takes 80 bytes more than in package sync, and its state, with that of its struct, is not equal to that
// of one which was never locked: reflect.DeepEqual sees that. An uncontended Lock and Unlock cost less than twice
// what they cost in package sync, whatever the number of locks and goroutines, and nothing on the heap; see
// docs/runtime.md for figures. On processors other than amd64 and arm64 they take microseconds.
//
// # Environment
//
// LOCKCHECK holds settings separated by spaces: report=FILE (reports and dumps are appended to it),
// format=json (a report a line), wait=DURATION and hold=DURATION (see [Options]), signals=off,
// exit=off (a deadlock does not end a test, and reports do not make a test binary fail).
package lockcheck
