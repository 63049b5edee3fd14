// Package sharedvar defines a check for variables and objects on which goroutines race.
//
// # Analyzer sharedvar
//
// sharedvar: report variables and objects that a goroutine shares with others without order
//
// # What is reported
//
// A local variable, an object, what a parameter points to, or a package variable that a function shares with a goroutine which it, or a function
// that it calls, starts: if the function, or another goroutine, touches the same field, element or map of it, one of the two
// writes, no lock is held at both, and neither waits for the other. It does not matter whether the goroutine runs a literal, a function or a method, nor
// how many calls are between. Goroutines are those of a go statement, of errgroup.Group.Go, sync.WaitGroup.Go and the
// like, handlers, and parallel subtests. What the check unguarded reports, with the lock that is missing, is left to it.
//
// # Why it is a bug
//
// A result is lost, or read half written; a map that two goroutines write to ends the program.
//
// # Example
//
// Wrong:
//
//	var err error
//	go func() {
//		err = first() // races with the next assignment
//		done <- struct{}{}
//	}()
//	err = second()
//	<-done
//
// Right:
//
//	errs := make(chan error, 1)
//	go func() { errs <- first() }()
//	err := second()
//	err = errors.Join(err, <-errs)
//
// # How to fix
//
// Send results through a channel, or give each goroutine a variable of its own, such as an element
// of a slice, and wait before reading it. Where all touch the same variable, lock a mutex around
// it, or use sync/atomic. lockcheck -fix declares a variable in the goroutine (err := instead of
// err =) if nobody else reads what the goroutine assigns.
//
// # When the report is wrong
//
// Something waits for the goroutine that is out of sight:
//
//	//lockcheck:ignore sharedvar Stop returns when the goroutine is done
//
// # What is not found
//
// Races of which no one function leads to both sides: those between exported methods of one object (see unguarded for what has a lock). Objects
// in elements of other objects, and elements whose index is no constant, unless the other side visits all. Calls are followed within the
// package, four deep. What a lock, a flag or a
// function that is not known may put in order, what only a timer
// brings about, a join on some of the paths, a pointer that is set anew, and a goroutine that starts if something is of some type are weak
// evidence, and shown with -all. So are two accesses that both
// come after a call of a function whose name has the word Lock or Acquire: it may be a lock of another kind.
package sharedvar
