// Package missingunlock defines a check for locks that are not given back.
//
// # Analyzer missingunlock
//
// missingunlock: report paths that keep a lock, and unlocks that cannot be right
//
// # What is reported
//
// A return, a panic that a deferred function recovers, or a runtime.Goexit that leaves a lock
// locked which the same function unlocks on another path; one finding for what one Lock leaves locked. An Unlock of what is read-locked, an
// RUnlock of what is locked, and a second unlock of what was unlocked on every path. An Unlock of
// one lock where another one is locked and kept, and of a lock that nothing which leads
// there has locked. A Lock of a field after which what stands beside it is touched and
// every return leaves it locked, if nothing at all unlocks that field for others. A lock that a call left locked counts, too, if what
// the call returned (a transaction, a function that unlocks) is by then known to nobody else.
//
// # Why it is a bug
//
// The next goroutine that wants a kept lock waits forever, and all behind it. An unlock of
// the wrong kind, or of what is not locked, ends the program.
//
// # Example
//
// Wrong:
//
//	func (s *Store) Load(k string) (string, error) {
//		s.mu.Lock()
//		v, ok := s.m[k]
//		if !ok {
//			return "", errNotFound // keeps s.mu
//		}
//		s.mu.Unlock()
//		return v, nil
//	}
//
// Right:
//
//	func (s *Store) Load(k string) (string, error) {
//		s.mu.Lock()
//		defer s.mu.Unlock()
//		v, ok := s.m[k]
//		if !ok {
//			return "", errNotFound
//		}
//		return v, nil
//	}
//
// # How to fix
//
// Defer the unlock right behind the lock, or unlock before the return. lockcheck -fix does the
// first if nothing that could block, or take a lock, follows the unlocks that are there, and the
// second if the lock is held on every path to the return. An unlock of the wrong kind is
// replaced by the right one. No fix is offered where a function of your own locks or unlocks, or where
// the lock is found by a call.
//
// # When the report is wrong
//
// A function that hands a locked object to its caller is taken for what it is if somebody
// unlocks for others, if its result tells (true, a nil error, an object) that the lock is held, or if
// a caller in view unlocks. If none of these is so:
//
//	//lockcheck:ignore missingunlock the caller unlocks, see Release
//
// # What is not found
//
// A function that never unlocks what it locks, if other packages can name the lock, if its address is stored or handed on, or if some
// function unlocks such locks for whoever calls it: it is taken for one that locks for its caller. An unlock of what was never locked, if other packages can name the lock, if some function keeps one of its
// class, or if any caller takes one. Panics that are not a panic statement, and those recovered by a caller. A lock kept on a path
// that joins, before the return, one that has unlocked it is weak evidence, and shown with -all.
package missingunlock
