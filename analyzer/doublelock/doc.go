// Package doublelock defines a check for locks taken again by their holder.
//
// # Analyzer doublelock
//
// doublelock: report locks that are taken again by the goroutine that holds them
//
// # What is reported
//
// A Lock of a mutex that the same goroutine holds already, directly or through any
// chain of calls: also a String method called by fmt, a MarshalJSON called by
// encoding/json, a comparison called by sort. Also an RWMutex that is locked for
// writing while it is read-held (upgrade), and the reverse (downgrade). Only locks
// that are certainly the same instance are reported.
//
// # Why it is a bug
//
// Go's mutexes do not know their holder. The second Lock waits for the first to be
// released, which never happens.
//
// # Example
//
// Wrong:
//
//	func (c *Cache) Put(k string) {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		if c.full() {
//			c.Evict() // locks c.mu
//		}
//	}
//
// Right: split the callee into one that locks and one that expects the lock held.
//
//	func (c *Cache) Put(k string) {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		if c.full() {
//			c.evictLocked()
//		}
//	}
//
// # How to fix
//
// Call a variant of the callee that does not lock, or release the lock before the
// call. If the first lock was forgotten on some path, release it there. lockcheck -fix calls the
// variant if it has the same receiver type and signature, is called fooLocked or FooLocked, and
// leaves the lock alone. It makes a "defer mu.Lock()" right behind "mu.Lock()" a
// "defer mu.Unlock()".
//
// # When the report is wrong
//
// Conditions are compared by text, not by arithmetic, so a lock that is released under
// one condition and taken again under another that implies it may be reported:
//
//	//lockcheck:ignore doublelock n > 8 implies that mu was released
//
// # What is not found
//
// Locks reached by two different names (a map element looked up twice, a pointer kept
// beside the field it came from); callees that are interface methods or function
// values, under go vet; methods that fmt finds inside a formatted struct.
package doublelock
