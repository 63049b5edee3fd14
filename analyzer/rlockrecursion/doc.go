// Package rlockrecursion defines a check for recursive read locks.
//
// # Analyzer rlockrecursion
//
// rlockrecursion: report read locks that are taken again by their holder
//
// # What is reported
//
// An RLock of an RWMutex that the same goroutine read-holds already, directly or
// through calls, when something in the program locks that RWMutex for writing.
//
// # Why it is a bug
//
// A waiting writer keeps new readers out (see the documentation of sync.RWMutex). If
// a writer comes between the two RLocks, the second waits for the writer, the
// writer for the first RLock, and none of them ever goes on.
//
// # Example
//
// Wrong:
//
//	func (r *Registry) List() []string {
//		r.mu.RLock()
//		defer r.mu.RUnlock()
//		return make([]string, r.Len()) // Len read-locks r.mu
//	}
//
// Right: read the length without locking again.
//
//	func (r *Registry) List() []string {
//		r.mu.RLock()
//		defer r.mu.RUnlock()
//		return make([]string, len(r.items))
//	}
//
// # How to fix
//
// Call a variant of the callee that expects the lock held, or release the read lock
// before the call. lockcheck -fix calls the variant if it has the same receiver type and
// signature, is called fooLocked or FooLocked, and leaves the lock alone.
//
// # When the report is wrong
//
// If no writer can run at the same time, for example since all writes come before the
// readers start:
//
//	//lockcheck:ignore rlockrecursion written only by init
//
// # What is not found
//
// As for doublelock. Without a known writer the finding is a note (-all): under go vet
// only writers in the package and in what it imports are known.
package rlockrecursion
