// Package atomicmix defines a check for memory that is accessed atomically in one place and
// plainly in another.
//
// # Analyzer atomicmix
//
// atomicmix: report plain accesses to what is accessed atomically elsewhere
//
// # What is reported
//
// A plain read or write of a field, a package variable, an element of a slice or array in one, or a
// variable that goroutines share, whose address is given to a function of sync/atomic elsewhere in the
// package. One finding a function and place; it tells how many more there are.
//
// # Why it is a bug
//
// An atomic access only orders itself with other atomic ones. A plain write beside it is a data
// race: it can be lost, overwrite what others have added, or, on 32-bit processors, be seen by half. A plain
// read may be stale forever, since the compiler may keep the value in a register.
//
// # Example
//
// Wrong:
//
//	func (c *Counter) Add()       { atomic.AddInt64(&c.n, 1) }
//	func (c *Counter) Get() int64 { return c.n } // races with Add
//
// Right:
//
//	type Counter struct{ n atomic.Int64 }
//
//	func (c *Counter) Add()       { c.n.Add(1) }
//	func (c *Counter) Get() int64 { return c.n.Load() }
//
// # How to fix
//
// Use the types of sync/atomic, which leave no way to forget it. lockcheck -fix rewrites the declaration
// and all uses if the field or variable is not exported, is used in files of the package other
// than test files only, and in forms that have a method: calls of sync/atomic, plain reads,
// assignments, ++ and --, += and -=. Else it replaces the plain access by a call of sync/atomic.
//
// # When the report is wrong
//
// Not reported are accesses to objects that nobody else has seen yet, in init and in
// initializers, before the function's go statements, after it has waited for goroutines (a WaitGroup, an
// errgroup), and those that a lock keeps apart from all atomic ones that matter. If something else
// orders the accesses, such as a channel:
//
//	//lockcheck:ignore atomicmix all writers have ended, see Stop
//
// # What is not found
//
// Plain accesses to what many functions access plainly, and few atomically: that is a protocol of its own. Plain
// accesses in other packages to exported fields and variables. An address that is given to
// a function which calls sync/atomic. Accesses through pointers kept in fields and variables. Copies of
// whole structs. Accesses in test files, and those whose order in time speaks against a race, are weak evidence:
// shown with -all, if at all.
package atomicmix
