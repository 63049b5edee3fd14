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
// # Order
//
// Whether two goroutines can be at two points at the same time is asked of a [Scope], a function with its literals and with what it calls and
// starts in its package (enter.go), each call an instance of its own ([Scope.Meet]). A
// point is an instruction with its way: the chain of calls, deferred calls and starts ([Run]) by which a common function
// comes there. Where the two ways part, in the function H, the first one stands for a start of a goroutine, and the second
// one for another start, for the same start in a later round of a loop, or for something that H itself
// does. They meet if
//
//  1. H can get from the start to the second event, without making anew what the points are about (orderpath.go);
//  2. on such a path there is no join: nothing that waits for a signal which the goroutine
//     gives after its point (signal.go);
//  3. the goroutine does not wait, before its point, for a signal that H gives after the second;
//  4. a sync.Once does not run both;
//  5. not only one goroutine of all comes to both, having been the one to change an atomic variable from a value that
//     nothing leads back to, and neither comes when all have counted, the other one before its own count (winner.go).
//
// This is the happens-before relation of the Go memory model (https://go.dev/ref/mem), cut down to
// what can be told from the text of one function and its literals. Locks are not part of it: who asks knows what is held.
// Signals and waits are told apart by where their channel, WaitGroup or context comes from (orderobject.go). What gives a
// signal by waiting for another one passes it on. A channel with room for n values that is filled up waits for all goroutines of which each
// took a place before it was started (fill.go). The answer is an [Order]: a chance from never to always, and the reason, which can be printed.
//
// # Ownership and joins
//
// What one function tells by itself, with the goroutines that it starts, is asked of a [View] of it. An object is owned ([View.Owned]) if it was made here, and
// whoever else has got it was a goroutine that has ended and has let nobody see it. That a goroutine has ended is shown by what
// it does last on every way: Done of a WaitGroup that was added to before, the return of what a group has started, a close or a send
// (ended_signal.go); or by what another goroutine does that has waited for this. On every way from the start the function must wait for such a signal: by Wait,
// by a call that waits whenever it returns, by a receive if nothing else is sent on the channel, by as many receives as there are sends, or by a loop of
// them (ended_wait.go). Sends are counted by following the channel from where it is made (ended_sends.go). Here the paths of package resolve must
// be the same: who claims that nobody else has an object must know which WaitGroup it is, whereas order, above, believes that two may be one.
//
// The other questions tell less, and need less: which classes have been waited for or told about by then ([View.Awaited], [View.Tells]), whether some
// goroutines have been waited for ([View.Joined]), may be ([View.MayWait]), or have not been started yet ([View.BeforeStarts]). What an instruction does by which
// goroutines order themselves is told once ([Event]), the ways between instructions are searched once (orderpath.go).
//
// Answers have a [Proof]: the instructions in the order in which they run.
//
// # What it misses and what it over-reports
//
// A compare-and-swap or a started flag that lets one goroutine through is not recognized as a Once by which a thread is one of
// its object. A function value that is called through a
// variable other than a local one that gets it alone counts as kept.
//
// A call that gets something which the goroutine may signal through counts as perhaps a join; so does a join on only
// some of the paths that is not a case of a select, and locks and atomic operations between the two, in literals that are given away as well.
// Order that lies in the values (a flag read under a lock), or in files, is not seen. A read of a
// variable in a loop that joins is taken to be behind at least one round.
// That a count which all come before is as high as there are goroutines is taken for granted. Searches are bounded
// (maxSteps, maxSearch): what they leave open counts as not reached by order, and as reached by ownership. Functions of other packages are not
// entered by order, nor more than maxEnterDepth calls in each other.
//
// Who waits in a loop, behind a loop that starts goroutines, is taken to wait for all of them. A function that is given the channel in a field, and sends on it as its
// parameter, is not seen to send. A goroutine that starts by time.AfterFunc has not ended for ownership, whatever it signals.
package threads
