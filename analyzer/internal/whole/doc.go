// Package whole loads a program with all its dependencies and runs the engine over
// it at once.
//
// # The model
//
// One run of go list names the packages. The standard library is type-checked
// without function bodies, and so are large dependencies without locks (see inertSize);
// everything else is loaded in full, in order of imports and in parallel; test
// variants take the place of the packages they extend. Several loads in one process may
// share the standard library, see [Library]. All functions form one input of the engine. Calls of interface methods and
// function values are resolved over all of them (package calls).
//
// Findings are made package by package through the same view that go vet gives
// (package lockset), so that a finding has one text wherever it is made. Then the
// cycles are added that no package sees whole.
//
// # What it misses
//
// A package that does not type-check is analyzed as far as it does, and said to be
// incomplete. A call which may reach more than eight functions counts as unknown.
package whole
