// Package chanleak defines a check for goroutines that wait for ever since nobody is left to wake them.
//
// # Analyzer chanleak
//
// chanleak: report waiting on channels, contexts, WaitGroups and Conds that nobody will ever end
//
// # What is reported
//
// A goroutine that sends on a channel, or receives from it, while the function which started it can return without doing the other half: since
// a timer, an error or another case of a select came first, since it takes one answer of many, or stops at the first error. Workers that range over a
// channel which is not closed on some way. A function that waits for a goroutine which can end without its send or close.
//
// A receive from a channel on which nothing sends and that nothing closes, a send on a channel without room for a value
// from which nothing receives, a receive from the Done of a context that nothing cancels; also if they are cases of a select whose other cases are
// no better. Wait of a WaitGroup whose Add is called, but never Done; Wait of a Cond that is never signaled.
//
// # Why it is a bug
//
// The goroutine never goes on: what it holds, memory, files, locks, is never given back, and who waits for it waits for ever, too. A
// server that leaves one behind for each request that fails runs out of memory in the end.
//
// # Example
//
// Wrong:
//
//	func ask(q string) (string, error) {
//		answer := make(chan string)
//		go func() { answer <- slow(q) }() // stays for ever if the timer comes first
//		select {
//		case a := <-answer:
//			return a, nil
//		case <-time.After(time.Second):
//			return "", errLate
//		}
//	}
//
// Right:
//
//	func ask(q string) (string, error) {
//		answer := make(chan string, 1)
//		go func() { answer <- slow(q) }()
//		select {
//		case a := <-answer:
//			return a, nil
//		case <-time.After(time.Second):
//			return "", errLate
//		}
//	}
//
// # How to fix
//
// Give the channel of a single answer room for it. Where there are many, send in a select with the Done of a context that is canceled when the
// function returns, or receive them all. Let whoever has the other end do its half on every path: defer close(done) at the start of the goroutine, defer
// close(work) where the workers are started, defer wg.Done, Broadcast where the condition changes.
//
// There is a fix for the goroutine that sends one value, and behind it does nothing but close the channel, cancel a context and end: room for the value.
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
// Of channels in fields only what nobody ever ends. A select in the goroutine that has other cases. Channels with room for a number of values that is not a
// constant. A leak that depends on what is received, or on variables that both sides look at. What main leaves behind, or a function that only main calls, once. In tests,
// which may leave goroutines behind, there is only weak evidence, shown with -all.
package chanleak
