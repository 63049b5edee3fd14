// Package resolve tells what the operands of instructions denote: places and objects by access paths,
// functions by the targets of calls, and which objects nobody else has seen yet.
//
// # The model
//
// A [Func] is a function with what the rest of the program adds to it: the summaries of its callees and [Facts], which are
// known before any function is walked. The path of a value ([Func.Path]) is found by following the operands back: fields,
// elements and dereferences, conversions, and local variables that get one value only. It ends at a parameter,
// a captured variable, a package variable, an object made here, or the value of one instruction. A location that the function, or
// one that it calls, stores to gives a new root at each load, since two loads may differ.
//
// Wiring (wire.go): a new object whose field is set to a pointer while it is built, and never again, leads through that
// field to what was stored there.
//
// An object is fresh (fresh.go) as long as no instruction has run by which another goroutine may come to see it: a store into something
// that others may know, a send, a go statement, a call that lets its argument go; or one of these of an object made here in which it is stored.
//
// A [Known] tells what is known on a path: which value a join has picked, and which constant a value is. Nothing else
// in this package depends on paths.
//
// # What it misses
//
// Two names for one object are one only where one is set to the other in this function, once. What a
// callee does with an object that it reaches through another one is not told.
package resolve
