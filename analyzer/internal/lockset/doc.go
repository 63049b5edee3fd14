// Package lockset is the engine: it analyzes the functions of one package, or of
// a whole program, in the order of their calls, and turns what it learns into
// the lock-acquisition-order graph. It says what a check is ([Check]), and what a check sees of a package ([View]).
//
// # The model
//
//  1. Effects are extracted from the functions, once (package extract).
//  2. The functions are walked in the order of their calls (package solve), which tells the locks held at each point, summaries,
//     and what all callers of a function hold.
//  3. The threads of the program are found (package threads): an order in which only one goroutine takes part is no
//     deadlock.
//  4. Edges and writers form the package's section (section.go). A section plus those
//     of all packages below is the graph in which lockgraph looks for
//     cycles (package lockorder).
//
// The same engine runs under go vet, one package at a time with sections and summaries
// as facts (analyzer.go), and over a whole program at once (package whole), where
// interface and function-value calls are resolved as well.
//
// A package fact of golang.org/x/tools is not handed on by the packages that import
// it, therefore a fact contains the sections of all packages below.
//
// # What it misses
//
// Under go vet an interface or function-value call whose target is not in plain sight
// does nothing. Orders between two
// goroutines that start and join rule out (go, then WaitGroup.Wait) are not
// recognised. See also the packages ident, resolve, held, solve, threads and model.
package lockset
