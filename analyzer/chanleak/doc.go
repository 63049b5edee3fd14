// Package chanleak defines a check for goroutines that wait for ever since nobody is left to wake them.
//
// # Analyzer chanleak
//
// chanleak: report waiting on channels, contexts, WaitGroups and Conds that nobody will ever end
//
// # What is reported
//
// A receive from a channel on which nothing sends and that nothing closes, a send on a channel without room for a value
// from which nothing receives, a receive from the Done of a context that nothing cancels; also if they are cases of a select whose other cases are
// no better. Wait of a WaitGroup whose Add is called, but never Done; Wait of a Cond that is never signaled.
//
// # Why it is a bug
//
// The goroutine never goes on: what it holds, memory, files, locks, is never given back, and who waits for it waits for ever, too.
//
// # Example
//
// Wrong:
//
//	func (c *Conn) Close() {
//		stopped := make(chan struct{})
//		go c.drain(stopped) // which has forgotten to close it
//		<-stopped
//	}
//
//	func (c *Conn) drain(stopped chan struct{}) {
//		for c.next() {
//		}
//	}
//
// Right:
//
//	func (c *Conn) drain(stopped chan struct{}) {
//		defer close(stopped)
//		for c.next() {
//		}
//	}
//
// # How to fix
//
// Let whoever has the other end do its half on every path: defer close(done) at the start of the goroutine, defer wg.Done, Broadcast where
// the condition changes. If nothing is waited for any more, remove the wait.
//
// # When the report is wrong
//
// A channel that one function makes, and from which only this function receives, blocks for ever on purpose and is not reported. Else say so:
//
//	//lockcheck:ignore chanleak stays until the process ends
//
// # What is not found
//
// Channels that leave the package: parameters and results of exported functions, exported fields, elements of slices and maps, values in interfaces.
// Channels with room for values. In tests, which may leave goroutines behind, there is only weak evidence, shown with -all.
package chanleak
