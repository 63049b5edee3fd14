// Package effects is the program as concurrency sees it: for each function a small control-flow graph of
// the instructions that can matter to who holds which lock, who touches which place, and who waits for whom.
//
// # The model
//
// A [Unit] is one package, the object file of this compiler. Its functions ([Func]) are extracted
// once from the SSA form (package extract) and know neither that nor go/types afterwards, so that all that comes
// later (held locks, threads, guards, checks) can be run from a cache, in parallel, and from ten lines of text in a test.
//
// A function is one list of instructions, [Func.Code]. An instruction and its value have one number, a [V]: operands are
// numbers of instructions. The list starts with what has no place in the control flow (parameters, captured
// variables, constants, package variables, functions, all told by [Op.Leaf]); then come the instructions of block 0, of block 1, and so on.
// The form is static single assignment, as that of golang.org/x/tools/go/ssa, from which these differences make it small:
//
//   - A call whose effect the model knows (package model) is an operation of its own: Acquire, Release, Done, Wait,
//     Atomic, ... The first operand is the lock, the WaitGroup, the address. Functions that such a call calls or starts
//     (sync.Once, time.AfterFunc, sort.Slice) are its [Callback]s. Calls of functions that do nothing to anybody are left out
//     unless their value is used.
//   - An interface method called on a value that was made an interface in plain sight is a static call.
//   - Arithmetic and conversions of numbers and strings are one operation, Opaque, and are left out if nothing that is kept
//     uses them. Comparisons are kept only where a branch may depend on them.
//   - A type ([Type]) is what is asked of it here: its kind, its name, its fields, what it synchronizes.
//
// Places are classed as in package ident: "pkgpath.Type.field", "pkgpath.var", "pkgpath.Func@var". Whether two places are
// one object is told by access paths, which package resolve makes from the operands.
//
// Package text prints units and reads them, package codec encodes them.
//
// # What it misses
//
// What reflection, unsafe arithmetic, cgo and assembly do is not there. Loops over channels, maps and iterators are what
// SSA makes of them. Values of struct type are copied as a whole: [Load] of a struct reads all its fields.
package effects
