package decide

import "runtime"

// A Kind of finding.
type Kind uint8

const (
	Inversion    Kind = iota // locks are acquired in orders that can deadlock
	Recursion                // a read lock is acquired again by its holder, and there are writers
	SelfDeadlock             // a goroutine waits for itself
	NotLocked                // a lock is unlocked that nobody holds
	Standstill               // goroutines wait for each other
	Lasting                  // a SelfDeadlock or Standstill that was a finding before has not ended
)

// A Finding is something that is wrong. It names locks by the call sites of their classes, which
// package tell turns into names.
type Finding struct {
	Kind   Kind
	Hops   []Hop   // of an Inversion: each waits for what the next holds. Of a Recursion: one
	Writer *Hop    // of a Recursion, or of an Inversion among readers: an acquisition for writing
	Circle Circle  // of a SelfDeadlock, a Standstill or a Lasting
	Misuse *Misuse // of a NotLocked
	Refs   []Ref   // parallel to Circle.Members: the locks waited for; of a NotLocked, the lock
	Held   [][]Ref // parallel to Circle.Members: the locks held
	// Same says that the locks are of one class, and the orders those of instances.
	Same bool
	// Closed says that the instances of the hops are the same all around. If not, only
	// their classes are.
	Closed bool
}

// A Ref refers to a lock.
type Ref struct {
	Class uint32
	Sites []uintptr // return addresses of calls that lock locks of the class
	Lock  uintptr
}

// A Hop is a goroutine that acquired a lock while it held another.
type Hop struct {
	Goroutine uint64
	From, To  Ref
	FromMode  Mode
	ToMode    Mode
	FromPC    uintptr
	FromStack []uintptr // of the acquisition of From: all of it if that is known, or FromPC alone
	Stack     []uintptr // of the acquisition of To
	// Waiter is the goroutine that holds From if that is not Goroutine itself, but its parent,
	// which waits for it.
	Waiter uint64
}

func (e *Engine) ref(h Held) Ref {
	return Ref{Class: e.root(h.Class), Sites: e.Sites(h.Class), Lock: h.Lock}
}

// hop returns the hop of a run from h, one of the locks held.
func (e *Engine) hop(r *run, h Held) Hop {
	p := Hop{
		Goroutine: r.goroutine,
		From:      e.ref(h), FromMode: h.Mode, FromPC: h.PC, FromStack: []uintptr{h.PC},
		To: e.ref(r.want), ToMode: r.want.Mode,
		Stack: from(r.stack, r.want.PC),
	}
	for i, o := range r.held {
		if o == h && i < r.inherited {
			p.Waiter = r.waiter.Goroutine
			return p
		}
	}
	p.FromStack = stackOf(r, h)
	return p
}

// from returns the part of a stack that begins with pc.
func from(stack []uintptr, pc uintptr) []uintptr {
	for i, p := range stack {
		if p == pc {
			return stack[i:]
		}
	}
	return append([]uintptr{pc}, stack...)
}

// stackOf tells the stack at the acquisition of h from that of a later one. If the function that
// acquired h still runs, as its frame in the same place shows, what is below it is the same.
func stackOf(r *run, h Held) []uintptr {
	out := []uintptr{h.PC}
	if h.Depth == 0 {
		return out
	}
	fn := runtime.FuncForPC(h.PC - 1)
	for i, d := range r.depths {
		if d == h.Depth {
			if now := runtime.FuncForPC(r.stack[i] - 1); fn != nil && now != nil && fn.Entry() == now.Entry() {
				return append(out, r.stack[i+1:]...)
			}
		}
	}
	return out
}
