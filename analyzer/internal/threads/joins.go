package threads

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// An Event is one thing that an instruction does by which goroutines order themselves, other than by locks and atomics: it waits, or it tells others
// that it has come so far. Both, an unbuffered send, count as telling.
type Event struct {
	At    effects.V
	By    By
	Tells bool
	Obj   effects.V // the WaitGroup, group or channel
	Case  int       // of a Select; -1 if the instruction is none
	Class string    // of the object; "" if only callers can tell
}

// A By is what an event is done by.
type By uint8

const (
	ByGroup By = iota // Wait; Done
	BySend            // receive; send
	ByClose           // close; a receive may wait for it, but is told as BySend
)

// Events returns what the instructions of the function do, in order; what is deferred stands where it is deferred, and what is started in
// another goroutine is left out.
func (f *View) Events() []Event { return nil }

// Tells returns the classes by which the function itself tells others that it has come so far: Done, send, close.
func (f *View) Tells() []string { return nil }

// Closed returns the classes of the channels that the function has closed on every way to an instruction.
func (f *View) Closed(at effects.V) []string { return nil }

// Awaited returns the classes of what has been waited for on every way to an instruction, by the function itself or by a call: of that, the ways to those
// returns count which fit to what is known of the last result at the instruction, as in "if err := t.await(); err != nil { return }".
func (f *View) Awaited(at effects.V) []string { return nil }

// Joined reports whether some goroutines have been waited for on every way to an instruction by Wait of a WaitGroup or of a type like it, here
// or in a call, and none has been started since. Which ones is not asked.
func (f *View) Joined(at effects.V) (Proof, bool) { return nil, false }

// MayWait reports whether something that may run between two instructions may wait for goroutines; from may be 0 for the start of the function.
func (f *View) MayWait(from, at effects.V) bool { return false }

// LastOne reports whether an instruction runs only if an atomic Add has given a certain number, as where the last of those who refer to an object lets go of it.
func (f *View) LastOne(at effects.V) bool { return false }
