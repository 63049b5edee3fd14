// Package lockorder defines a check for locks taken in inconsistent order.
//
// # Analyzer lockorder
//
// lockorder: report locks that are taken in inconsistent order
//
// # What is reported
//
// Two or more locks that are taken in different orders in different places, however
// far the calls and packages between them: A then B here, B then A there, or a
// circle of three and more. The report names both sides, each step with function
// and line.
//
// Also two locks of one field that a function takes in the order of its arguments, as Transfer(from, to) does, if
// anybody may call it and nothing in it depends on both: a call with the two exchanged takes them in the other order.
//
// # Why it is a bug
//
// If one goroutine holds A and waits for B while another holds B and waits for A,
// neither ever goes on, and soon everybody who needs A or B waits with them.
//
// # Example
//
// Wrong:
//
//	func (a *Account) Transfer(l *Ledger) {
//		a.mu.Lock()
//		defer a.mu.Unlock()
//		l.mu.Lock() // Account.mu, then Ledger.mu
//		defer l.mu.Unlock()
//	}
//
//	func (l *Ledger) Audit(a *Account) {
//		l.mu.Lock()
//		defer l.mu.Unlock()
//		a.mu.Lock() // Ledger.mu, then Account.mu
//		defer a.mu.Unlock()
//	}
//
// Right: take them in one order everywhere, or release the first before taking the
// second.
//
// # How to fix
//
// Choose an order, write it down beside the declarations, and change the side that
// is easier to change: often one that calls out while it holds a lock for no
// other reason than that the unlock is deferred.
//
// # When the report is wrong
//
// Locks are compared by class, that is by the field which declares them, since two
// goroutines choose their instances independently. If the instances on the two
// sides can never be the same, or the two sides can never run at the same time,
// say so on either side:
//
//	//lockcheck:ignore lockorder the parent's ledger is never the child's
//
// Not reported are orders under a common gate lock, orders that one goroutine alone
// takes, objects no other goroutine can see yet, or only some that take no other locks, orders among read locks that no
// writer can come between, and TryLock as the second acquisition.
//
// # What is not found
//
// Under go vet: orders through interface and function-value calls whose target is not
// in plain sight, and orders in two packages which no package imports both; the
// lockcheck command finds both. In either: orders between two locks of one class,
// unless one is reached through a field of the other in both directions, or both are those of arguments; waits on
// channels, WaitGroups and Conds; locks inside the standard library.
package lockorder
