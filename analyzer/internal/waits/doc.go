// Package waits finds wrong uses of sync.WaitGroup, sync.Cond and sync.Once in the
// functions of one package. Package lockset words what it finds.
//
// # Model
//
// A WaitGroup, Cond or Once is known by its place: fields and pointers behind a root, which is
// a local variable, a parameter or a package variable. What a function literal captures has
// the place that it has outside, and a parameter that of the argument when a static call is
// followed. Places with one root and the same steps are one object. Between
// functions that are not seen to call each other, an object is known by its class: the field or
// package variable that it is in. See place.go.
//
// Add and Done are counted by a data-flow analysis: the state of a block is the set of values
// that the counter can have there, from -6 to 7, and "any" beyond. A branch keeps
// the values of both sides, a call of a function in the package adds what the callee counts, a
// deferred call counts where it is deferred. Whatever may count at a time that is not
// known, such as a literal that is stored and gives Done away, or a pointer that is sent, makes the value
// "any", of which nothing is reported. See tally.go. On this rest:
//
//   - a goroutine: its sets at each return. It is counted once if, with every go statement
//     taken for one Done, the starter's set is {0} wherever it returns or waits;
//     or if Add(n) is in front of a loop that starts it n times. See counts.go, counted.go and ingo.go.
//   - a total: the set of the function that declares the WaitGroup, in front of its Wait. See total.go.
//
// An Add in a goroutine is late if nobody counts in front of the go statement and nothing in
// between can have synchronized the two: neither the goroutine on the way to the Add nor the starter
// on the way to the Wait receives, sends, locks or calls what is not known. See lateadd.go.
//
// Loops, for Cond.Wait, are strongly connected components of the control flow graph
// (Tarjan 1972, https://doi.org/10.1137/0201010) that have a branch. A test whether there is a Cond at all is no
// condition. See condwait.go.
//
// Reentrant Onces are found by a breadth-first search along static calls, which carries
// the places of arguments; it is certain if each call is on every path to a return. See once.go.
//
// A wake can be missed if what the waiter's loop tests is stored, and Signal or Broadcast
// called behind, in a function that has nothing to do with locks: it locks nothing, no
// function that does calls or refers to it, nor does it call one. See wake.go.
//
// # What it misses
//
// Packages are looked at one by one, so that go vet and the command find the same: a WaitGroup that is
// counted in another package, and calls through interfaces and function values, are
// not followed. Conditions are not evaluated: a Done behind "if wg != nil" is one of two paths,
// and of paths that join there is weak evidence only. Paths that panic do not count. A Cond.Wait
// in a loop that tests something else passes. A store behind another lock than that of the
// Cond passes, too.
//
// # What it over-reports
//
// A goroutine that on purpose keeps its Wait from returning, since the program is about to end. A
// function that is exported and called with a lock held by another package.
//
// # Cost
//
// Linear in the number of instructions, times the WaitGroups that a started function
// counts; packages that use none of the three types cost one scan.
package waits
