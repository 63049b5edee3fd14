// Package unguarded defines a check for shared state that is touched without its lock.
//
// # Analyzer unguarded
//
// unguarded: report accesses to shared state that do not hold the lock which guards it
//
// # What is reported
//
// A read or a write of a field, of a package variable, or of the map or slice in one, without the lock that
// guards it; a write with the guard read-locked only; a call, without the lock, of a function that is called
// with it elsewhere; a read outside of the lock that is repeated inside, before a write (a
// double-checked fast path); a map or slice that is written in place under the lock, and that a function reads under
// the lock and hands out: returned, alone or in a struct, or sent. A write is always worth more than a read.
//
// Which lock guards what is declared by a comment, or inferred: the lock that nearly all accesses hold. These
// comments are read:
//
//	mu sync.Mutex // guards n and m      also "protects"; also "guards the fields below"
//	n  int        // guarded by mu       also "protected by mu", "+checklocks:mu", "GUARDED_BY(mu)"
//
// The command "lockcheck guards" prints the table of all that was found.
//
// # Why it is a bug
//
// Two goroutines that touch a variable at the same time, one of them writing, race: the result is any value
// or half of one, a map ends the program ("concurrent map read and map write"), and what the compiler makes of the code
// need not be what stands there. That a read is "only" a read does not help.
//
// # Example
//
// Wrong:
//
//	func (a *Account) Deposit(n int) {
//		a.mu.Lock()
//		defer a.mu.Unlock()
//		a.balance += n
//	}
//
//	func (a *Account) Balance() int {
//		return a.balance // while Deposit writes it
//	}
//
// Right:
//
//	func (a *Account) Balance() int {
//		a.mu.Lock()
//		defer a.mu.Unlock()
//		return a.balance
//	}
//
// # How to fix
//
// Hold the lock. For a number or a flag on its own, make it an atomic.Int64 or atomic.Bool; for something that is
// made once, use sync.OnceValue. Instead of a guarded map or slice return a copy (maps.Clone, slices.Clone). A function whose callers have to hold the lock should say so, by a name
// that ends in Locked or in its comment: then its calls are checked instead.
//
// A double check has a fix that moves the lock to the first check, if the function does nothing else that takes time. If all
// that it does is to make the value of a package variable and to return it, and nothing else in the package uses that
// variable or the lock, the fix is sync.OnceValue, from Go 1.21 on:
//
//	var config = sync.OnceValue(load)
//
//	func Config() *Settings { return config() }
//
// For that, the value must be certain not to be nil, as OnceValue does not try again: it is a new one, or comes from a
// function of the package that only returns such values and has neither panic nor defer.
//
// # When the report is wrong
//
// Accesses are set aside if the object is new and nobody else has it, or only goroutines that the function has waited for
// (WaitGroup, errgroup.Group, channel) on every way; in init; before the go statement of the goroutine that it would meet;
// after a WaitGroup or channel has told that this has ended or that all is written; and if
// all callers in view hold the lock. What else may keep two goroutines apart, such as a phase of the program, is not
// seen. A comment helps everybody:
//
//	//lockcheck:ignore unguarded Reset is for tests, before the server runs
//
// # What is not found
//
// State without any lock. Fields that are guarded at too few places to tell (fewer than half of the accesses, or
// at fewer than two). The wrong lock of the right field: a.n with b.mu held, where a and b are of one type.
// Fields of other packages' structs. Accesses through pointers to fields, by reflection, and in
// the functions of other packages that get one.
// A map or slice that escapes by a call, a closure, or a variable.
//
// What an exported function is called without is not known in the package that declares it. An access weighs less if its function
// starts, after it, a goroutine that shares the object, or has waited for goroutines before it. None is reported in an exported function
// that takes no lock itself if the package has functions by which callers take the lock (Lock, or Begin that returns with it
// held), nor where a function makes the only map that a field ever gets, and others put something in: they come
// after it. An exported function whose name
// ends in Locked, LockHeld, UnderLock, InLock, WithLock, NoLock, WithoutLock, Unlocked, NonLocking, Unsafe or LH is taken to
// be called by those who may; that is the only thing that names are asked.
package unguarded
