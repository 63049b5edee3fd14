// Package threads tells which goroutines there are, and which functions run in which of them.
//
// # The model
//
// A thread is a way in which code comes to run that no call explains: main and the initializers, a goroutine (a go statement, or a call
// that starts a function: WaitGroup.Go, errgroup's Go, time.AfterFunc, ...), or "callers": code that is not in view, which may be any number
// of goroutines. Exported functions, functions that are kept as values, and methods of what is made an interface belong to callers.
//
// How often a thread is started ([Count]) is what makes it useful:
//
//   - One: started outside of loops by code that runs once in the program.
//   - PerObject: started for an object that nobody else has seen by then, as a constructor does, or by the Once of that object. The
//     goroutine is then the only one of its kind that works on the object: an actor.
//   - Many: everything else.
//
// A function is confined to a thread if every use of it in view is a call in that thread ([Model.Thread]). In a PerObject thread it is
// told, besides, by which of its parameters or captured variables it has the object ([Model.Owns]): a lock of that object which only
// confined functions take is never waited for by a second goroutine of the thread.
//
// The idea that a thread started once for an object owns what only it touches is that of thread-escape and ownership analyses (M. Naik, A. Aiken, J. Whaley:
// Effective Static Race Detection for Java, PLDI 2006, https://doi.org/10.1145/1133981.1134018; S. Blackshear et al.: RacerD, OOPSLA 2018,
// https://doi.org/10.1145/3276514).
//
// # What it misses
//
// A compare-and-swap or a started flag that lets one goroutine through is not recognized as a Once. A function value that is called through a
// variable other than a local one that gets it alone counts as kept. What runs before what is not told here yet: guards, capture and waits each
// have their own notion of joins.
package threads
