package waitmisuse

// How the check works.
//
// A WaitGroup, Cond or Once is an object: an access path of package resolve, as the outermost function has it that is known. What a function
// literal captures is what the function around it has, a parameter is the argument of the call by which the function was entered
// (an activation), and the receiver of a method value is what it was made of. Objects with one path are one. Between
// functions that are not seen to call each other, an object is known by its class: the field or package variable that it is in. See object.go.
//
// Add and Done are counted by a data-flow analysis: the state of a block is the set of values
// that the counter can have there, from -6 to 7, and "any" beyond. A branch keeps
// the values of both sides, a call of a function in the package adds what the callee counts, a
// deferred call counts where it is deferred. Whatever may count at a time that is not
// known, such as a literal that is stored and gives Done away, or a pointer that is sent, makes the value
// "any", of which nothing is reported. A literal or method value in a variable that holds nothing else, and which is only
// called, counts where it is called. See tally.go and counter.go. On this rest:
//
//   - a goroutine: its sets at each return. It is counted once if, with every go statement
//     taken for one Done, the starter's set is {0} wherever it returns or waits;
//     or if Add(n) is in front of a loop that starts it n times. See goroutine.go and counted.go.
//   - a total: the set of the function that declares the WaitGroup, in front of its Wait. See total.go.
//
// An Add in a goroutine is late if nobody counts in front of the go statement and nothing in
// between can have synchronized the two: neither the goroutine on the way to the Add nor the starter
// on the way to the Wait receives, sends, locks or calls what is not known. See lateadd.go.
//
// Loops, for Cond.Wait, are strongly connected components of the control flow graph
// that have a branch. A test is a branch one of whose sides alone comes to the Wait; a test whether there is a Cond at all is no
// condition. See condwait.go.
//
// Reentrant Onces are found by a breadth-first search along static calls, which carries
// the objects of arguments; it is certain if each call is on every path to a return. See once.go.
//
// A wake can be missed if what the waiter's loop tests (state.go) is stored, and Signal or Broadcast
// called behind, in a function that has nothing to do with locks: it locks nothing, no
// function that does calls or refers to it, nor does it call one. See wake.go.
//
// # What it misses
//
// Packages are looked at one by one, so that go vet and the command find the same: a WaitGroup that is
// counted in another package, and calls through interfaces and function values that are handed on, are
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
