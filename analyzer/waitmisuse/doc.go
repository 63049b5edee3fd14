// Package waitmisuse defines a check for wrong uses of WaitGroup, Cond and Once.
//
// # Analyzer waitmisuse
//
// waitmisuse: report waiting that never ends, or ends too early, by a wrong use of WaitGroup, Cond or Once
//
// # What is reported
//
// A WaitGroup whose Add is called in the goroutine that it counts. A goroutine that is counted once
// and returns without Done where another path calls it, or calls Done twice, or calls what
// WaitGroup.Go calls already. A Wait before which Add and Done certainly do not add up, or for
// which nothing calls Done at all. A Cond.Wait that is not in a loop. A function
// given to Once.Do, OnceFunc and the like that calls the same again, or that replaces the Once by
// a new one. A Signal or Broadcast behind
// a change of what the waiter tests, without any lock.
//
// # Why it is a bug
//
// Wait returns before the goroutine has called Add. A Done that is not called keeps Wait for
// ever, one too many crashes. Once.Do unlocks the Once when its function has returned, whatever is
// in its place by then. When Cond.Wait returns, another goroutine may have taken what it
// waited for. Once.Do waits until its function has returned, which then waits for itself. A
// waiter that has tested the state and does not yet wait is not woken.
//
// # Example
//
// Wrong:
//
//	for _, f := range files {
//		wg.Add(1)
//		go func() {
//			data, err := os.ReadFile(f)
//			if err != nil {
//				return // Wait never returns
//			}
//			use(data)
//			wg.Done()
//		}()
//	}
//	wg.Wait()
//
// Right:
//
//	for _, f := range files {
//		wg.Add(1)
//		go func() {
//			defer wg.Done()
//			data, err := os.ReadFile(f)
//			if err != nil {
//				return
//			}
//			use(data)
//		}()
//	}
//	wg.Wait()
//
// # How to fix
//
// Call Add in front of the go statement and defer Done at once, or use wg.Go. Write Cond.Wait
// as the body of a loop that tests the condition. Change what is tested while the Cond's lock is
// held. Let the function that runs once call what needs no Once, and what shall run now and then
// compare the time under a lock.
//
// An Add inside has a fix if a function literal in a go statement calls it, on every path. If the literal
// has no parameters, adds 1 and defers Done, it is given to wg.Go, from Go 1.25 on; else the Add moves in front of the
// go statement. There is none if something before the Add may end the goroutine, if the WaitGroup is not
// called the same outside, or if it is behind a pointer that may be another by then.
//
// # When the report is wrong
//
// If something that is not in view makes it right, say so:
//
//	//lockcheck:ignore waitmisuse the consumer calls Done
//
// # What is not found
//
// A WaitGroup that is copied is left to the pass copylocks of go vet. Dones in a loop,
// or called through interfaces, function values and other packages, are not counted. Of paths
// that join before the return, a count that is given to the goroutine in another function, and a Wait
// behind an if whose state never turns back, there is only weak evidence, shown with -all. A wake is not reported in a
// function that may lock something, whatever it is: by what it calls, or as it hands a lock, or what has one, to a function
// that is not known.
package waitmisuse
