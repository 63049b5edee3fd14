package decide

// The engine of this process, and its operations as functions.

var process = New()

// Learn is [Engine.Learn] of the process.
func Learn(r *Request) []*Finding { return process.Learn(r) }

// Handed is [Engine.Handed] of the process.
func Handed(class uint32) { process.Handed(class) }

// Inherit is [Engine.Inherit] of the process.
func Inherit(goroutine uint64, parent State) { process.Inherit(goroutine, parent) }

// Done is [Engine.Done] of the process.
func Done(group uintptr, goroutine, now uint64) { process.Done(group, goroutine, now) }

// Joined is [Engine.Joined] of the process.
func Joined(group uintptr, s State, now uint64) []*Finding { return process.Joined(group, s, now) }

// Deadlock is [Engine.Deadlock] of the process.
func Deadlock(c *Circle) []*Finding { return process.Deadlock(c) }

// Forget is [Engine.Forget] of the process.
func Forget(instance uint32) { process.Forget(instance) }

// Sites is [Engine.Sites] of the process.
func Sites(class uint32) []uintptr { return process.Sites(class) }

// Counts is [Engine.Stats] of the process.
func Counts() Stats { return process.Stats() }

// Unlocked is [Engine.Unlocked] of the process.
func Unlocked(m *Misuse) []*Finding { return process.Unlocked(m) }

// ToName is [Engine.ToName] of the process.
func ToName() []uint32 { return process.ToName() }

// Named is [Engine.Named] of the process.
func Named(class uint32, name string) []*Finding { return process.Named(class, name) }
