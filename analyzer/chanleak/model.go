package chanleak

// How the check works.
//
// Package waits tells which channels there are and all that is done to each; one of which not all is in view is left out.
//
// Nobody (nobody.go): an operation that nothing in the package could end.
//
// A scene (scene.go) is a channel that one function, home, makes and that only home has, with what it calls, and goroutines that home itself starts. Whoever waits for
// what only home does is left behind if home has a way from the go statement to its end, or to where it makes the next channel, that does not do it
// (stranded.go):
//
//  1. For one send, or a receive, no way may pass what could end it: a receive, a call of something that receives, the case of a select.
//  2. Of many sends, by a goroutine in a loop or by several, some may be received. There the way may not leave a loop of receives as such loops
//     end when all is received, but only by another case of a select, or by a test of an error; nor go on as if the channel were closed.
//  3. No way takes what comes only when the goroutine is past its operation, or never comes to it: a receive from a channel on which that goroutine, or, for many, any
//     goroutine of home, sends or which it closes; Wait.
//  4. The goroutine must not come to its operation by a test of memory that others may change.
//
// Home itself is left alone if the one goroutine that could end its wait has such a way to its end (ended.go), which takes no branch by such memory, and none
// that home opens behind its wait.
//
// Ways are searched depth first (path.go). Two tests of one condition fit together on a way: of one value, or of one place in memory, until it is
// computed anew. That is path feasibility by syntactic correlation of branches (R. Bodik, R. Gupta, M. L. Soffa: Refining Data Flow Information Using
// Infeasible Paths, ESEC/FSE 1997, https://doi.org/10.1145/267895.267921). What is looked at together, one channel and the goroutines that have it, is what GCatch calls
// disentangled (Z. Liu et al.: Automatically Detecting and Fixing Concurrency Bugs in Go Software Systems, ASPLOS 2021,
// https://doi.org/10.1145/3445814.3446756); there is no solver here, since only ways of one goroutine are asked for, while the other stands still.
//
// # What it over-reports
//
// Two conditions that exclude each other and are different values. A process that ends with the function, other than by return of main or of what main calls once.
//
// # Cost
//
// A search visits at most maxSteps blocks; what it leaves open counts as no way. There is one for each goroutine and channel.
