// Package solve walks the functions of a program in the order of their calls.
//
// # The model
//
//  1. Facts of the whole program that no walk changes are found first (facts.go): which fields are stored to after their
//     object was built, which Lockers and Conds stand for which lock.
//  2. Functions that cannot touch a lock, not even through what they call, are set aside: of them only what callers need is
//     told (what they let go, make, and store), without a walk (relevant.go, package held's Light).
//  3. The strongly connected components of the call graph (R. Tarjan, 1972) are put in levels: a component is above all that
//     it calls. The components of one level are walked in parallel; one that is recursive until its summaries stop changing.
//
// A walk is told the summaries of functions of lower levels only, and those of its own component, whatever else is known by
// then. So the result is the same in any order in which a level is walked.
//
// # What it misses
//
// A recursive component is iterated four times at most; a summary that had not settled says that it lost something. A function that is
// called only as a method of an interface in a way that the extraction does not see may be in the same or a higher level than its
// caller: its summary is then not applied.
package solve
