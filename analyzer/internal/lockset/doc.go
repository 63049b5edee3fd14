// Package lockset is the engine: it analyzes the functions of one package, or of
// a whole program, in the order of their calls, and turns what it learns into
// the lock-acquisition-order graph and the findings of the checks.
//
// # The model
//
//  1. Functions that cannot touch a lock, not even through what they call, are
//     set aside (relevant.go).
//  2. The others are walked bottom-up over the strongly connected components of
//     the call graph (R. Tarjan, 1972), a component until its summaries stop
//     changing (engine.go). The walk is package flow's, the result package summary's.
//  3. A top-down pass finds what is held at every call of a function that only
//     known callers call, and which of its parameters nobody else can see
//     yet (context.go). It adds gates to edges and removes edges of
//     unpublished objects.
//  4. Edges and writers form the package's section (section.go). A section plus those
//     of all packages below is the graph in which lockgraph looks for
//     cycles; a cycle is reported by the first package that sees all of it
//     (findings.go).
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
// does nothing. A recursive component is iterated four times at most. Orders between two
// goroutines that start and join rule out (go, then WaitGroup.Wait) are not
// recognised. See also the packages ident, flow and model.
package lockset
