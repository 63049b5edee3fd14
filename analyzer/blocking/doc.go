// Package blocking defines a check for goroutines that wait for others while they hold a lock which these need first.
//
// # Analyzer blocking
//
// blocking: report waiting under a lock that whoever could end the wait takes first
//
// # What is reported
//
// A send, a receive, a select, WaitGroup.Wait or Cond.Wait that holds a lock for certain, if everybody who
// could end the wait takes the same lock first: the only receiver of an unbuffered channel locks it between two receives, the goroutine that
// closes "done" locks it on its way to the end, one of those that a WaitGroup counts locks it before Done. The lock may be held by a function
// that calls the one which waits.
//
// # Why it is a bug
//
// The waiter keeps the lock until somebody comes, and who should come waits for the lock: both wait for ever, and with them everybody else
// who needs the lock. No lock is taken in a wrong order, so that looking at locks alone does not show it. It happens only
// if the waiter gets the lock at the wrong moment, often when a program shuts down.
//
// # Example
//
// Wrong:
//
//	func (h *Hub) Stop() {
//		h.mu.Lock()
//		defer h.mu.Unlock()
//		close(h.quit)
//		<-h.done // loop may be waiting for h.mu
//	}
//
//	func (h *Hub) loop() {
//		defer close(h.done)
//		for {
//			select {
//			case <-h.quit:
//				return
//			case v := <-h.in:
//				h.mu.Lock()
//				h.sum += v
//				h.mu.Unlock()
//			}
//		}
//	}
//
// Right:
//
//	func (h *Hub) Stop() {
//		h.mu.Lock()
//		close(h.quit)
//		h.mu.Unlock()
//		<-h.done
//	}
//
// # How to fix
//
// Give the lock back before the wait; or let the other side do what needs the lock behind its send, close or Done. A select with
// another case that always comes at last, such as the Done of a context or a timer, ends the wait, too.
//
// # When the report is wrong
//
// If the other side cannot be on its way to the lock at that time, say why:
//
//	//lockcheck:ignore blocking loop has ended by then
//
// # What is not found
//
// Channels that leave the package: parameters and results of exported functions, exported fields, elements of slices and maps, values in interfaces.
// Channels with room for a number of values that is not a constant; those with room for some are reported only if one goroutine in a loop
// receives. A circle over more than one wait. If it is not certain that the lock of the waiter and that of the others belong to the same object,
// there is only weak evidence, shown with -all.
package blocking
