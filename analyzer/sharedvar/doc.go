// Package sharedvar defines a check for local variables on which goroutines race.
//
// # Analyzer sharedvar
//
// sharedvar: report local variables that a goroutine shares with others without order
//
// # What is reported
//
// A local variable, a field of one, or a map in one, that a function literal captures which runs in a new
// goroutine, if the function around it, or another goroutine, touches it too, one of the two
// writes, no lock is held at both, and neither waits for the other. Literals that run in a
// goroutine are those of a go statement, of errgroup.Group.Go, sync.WaitGroup.Go and the
// like, handlers, and parallel subtests.
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
// Races on what pointers and slices lead to, on fields of shared objects and on package variables (see unguarded), and on
// variables whose address is handed on. Goroutines that are not started by a literal. What a lock, a flag or a
// function that is not known may put in order, what only a timer or a request
// brings about, and a join on some of the paths are weak evidence, and shown with -all. So are two accesses that both
// come after a call of a function whose name has the word Lock or Acquire: it may be a lock of another kind.
package sharedvar
