// Package name finds out which lock the source names at a place where a running program
// acquires one, so that a report says "example.com/bank.Ledger.mu", in the words of the
// static half, instead of an address.
//
// # The model
//
// The runtime knows a function symbol, a file and a line ([Site]). [Resolve]
//
//  1. finds the file on this machine, and the import path of its package: from the symbol,
//     if that is of the function which the source has at the line (the symbols of inlined
//     closures begin with another package), else from go.mod;
//  2. reads the files of the package that were built into this program, and checks their
//     declarations with go/types. Of the packages they import, those that have locks are
//     replaced by a few lines, those of the same module are read, and all others are opaque:
//     their types have a name and nothing else;
//  3. finds on the line the calls of Lock, RLock, TryLock, TryRLock, (*Once).Do and
//     (*Cond).Wait. The line of a call over several lines is that of the method's name. A
//     deferred call has the line on which its function ends, where no call stands: then the
//     calls which that function defers are taken;
//  4. checks the body around them, and follows the receiver to a field, a package variable
//     or a local variable: through selectors, indices, dereferences, local variables that
//     are set to one place only, and functions of the package that return one.
//
// Classes are spelled as analyzer/internal/ident spells them (a test compares more than a
// thousand). A lock that is known only to callers, through a parameter, a result or an
// interface, is of kind [Param], and its class names the function and the
// variable: the caller's line says more. That goes for the methods of a type that is itself
// a kind of mutex ("countingMutex"), too; a call of its Lock has the class of the field that
// holds it.
//
// Methods promoted from an embedded mutex and called through an interface have a
// frame in no file at all; their type is looked up by the symbol.
//
// # What it misses
//
// Source that is not here (built elsewhere, or with -trimpath and of another module than the
// one the program was started in) gives a name made of the function and the line, of kind
// [Unknown]. So do method values kept in fields or handed on, sites in files named by a
// //line directive, and code that cgo has rewritten. Packages of other modules are never
// read: a lock promoted from an embedded struct of theirs is a guess. Directories
// that are reached by two import paths (a go.mod replacement with another module path) are
// named by the symbol. Locals with one name in one function share a class, as in the static
// half. Source edited after the program was built, several candidates on one line, and
// every guess are marked by Certain being false.
//
// # Cost
//
// Nothing until the first call. The first name in a package reads and checks it: 70 ms for
// the 30,000 lines of net/http, 3 ms for context with its tests. Every further function
// takes up to 2 ms in a package of that size, a site that was asked for before 40 ns. At most 8 packages
// stay in memory (25 MB for net/http), and 4096 names.
//
// Resolve locks mutexes of package sync, and go/types and go/token do, too. Where sync itself is
// watched, the caller must see to it that they are not.
package name
