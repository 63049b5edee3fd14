// Package godeadlock gives the reports of github.com/sasha-s/go-deadlock the form of
// lockcheck's and sends them where lockcheck's go. Tests fail for them. Programs keep
// their locks:
//
//	func TestMain(m *testing.M) {
//		godeadlock.Install()
//		lockcheck.VerifyTestMain(m)
//	}
//
// # Model
//
// go-deadlock writes a report as text to Opts.LogBuf and then calls
// Opts.OnPotentialDeadlock, which is told nothing. [Install] sets both. Reports are
// written one after the other; which of them a call is about follows from the lock that
// go-deadlock holds meanwhile. The text is parsed, and completed from three sources: the
// stack of the goroutine that is about to lock, which is that of the call; a dump of all
// goroutines, for one that waits; and the program's source, for the names of the locks
// and for lines, since those in go-deadlock's text are off by one or more at times. What
// is not understood is delivered as it is.
//
// Reports of one bug are delivered once: go-deadlock makes one each time. Those that rest
// on a TryLock, which does not wait, are dropped.
//
// # Locking
//
// The call for an inversion or a recursion is made with go-deadlock's own lock held. If
// the receiver of a report used a go-deadlock lock there, or panicked and was recovered,
// each goroutine of the program would hang at its next lock. Therefore reports are
// delivered by a goroutine of their own, for which the call waits, but for no more
// than a second.
//
// # What it misses
//
// All that go-deadlock misses: see docs/go-deadlock.md. It does not say which goroutine
// took the locks in the other order, nor whether it was the same one; nor does the
// report, then. An inversion that one goroutine makes, or that a third lock guards,
// is reported.
//
// # Cost
//
// None until there is a report, beyond go-deadlock's own.
package godeadlock
