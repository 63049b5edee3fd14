package summary

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A Chain is the list of calls from a function to an acquisition, outermost
// first. Chains share their tails.
type Chain struct {
	lockgraph.Frame
	Next *Chain
	Len  int
}

// Push returns the chain that starts with frame f.
func (c *Chain) Push(f lockgraph.Frame) *Chain {
	n := 1
	if c != nil {
		n += c.Len
	}
	return &Chain{Frame: f, Next: c, Len: n}
}

// MaxFrames bounds the frames that leave a package; the middle is cut out.
const MaxFrames = 64

// Frames returns the frames of c, at most MaxFrames: the first ones and the last.
func (c *Chain) Frames() []lockgraph.Frame {
	var fs []lockgraph.Frame
	for x := c; x != nil; x = x.Next {
		if len(fs) == MaxFrames {
			fs[MaxFrames-1] = x.Frame
		} else {
			fs = append(fs, x.Frame)
		}
	}
	return fs
}

// Last returns the last frame: the acquisition itself.
func (c *Chain) Last() lockgraph.Frame {
	for c.Next != nil {
		c = c.Next
	}
	return c.Frame
}

// Of returns the chain of the given frames.
func Of(fs []lockgraph.Frame) *Chain {
	var c *Chain
	for i := len(fs) - 1; i >= 0; i-- {
		c = c.Push(fs[i])
	}
	return c
}

// A Lock is a lock and how it is held.
type Lock struct {
	Path ident.Path
	Mode lockgraph.Mode
}

// A Lit is a fact about a value: its truth, or whether a comparison of it holds.
type Lit struct {
	Path ident.Path // the value, see package held
	Op   string     // "" for a boolean's truth, "==nil", "==5", …
	Val  bool
}

// An EventKind tells an acquisition from a call of a parameter.
type EventKind uint8

const (
	Acquire   EventKind = iota
	CallParam           // the parameter or captured variable at path Lock, or a method of it, is called
)

// An Event is something that happens during a call which matters to whoever
// holds a lock across it.
type Event struct {
	Kind     EventKind
	Method   string // CallParam: the method called, "" for the function itself
	Lock     Lock   // what is acquired, or which parameter is called
	Inner    []Held // held inside the function at that moment; chains only for CallParam
	Released []Lock // the caller's locks released before, sorted
	Cond     []Lit  // what must hold of the parameters, sorted
	Always   bool   // happens on every call that returns
	Conf     int    // 1 to 100: less if a dynamic call is on the way
	Guess    bool   // only if another program makes a call reach that
	Chain    *Chain
}

// A RetLit is what an exit tells of a result.
type RetLit struct {
	Result int
	Nil    bool // about being nil, otherwise about being true
	Val    bool
}

// An Exit is one way to return.
type Exit struct {
	Acquired []Held
	Released []Lock
	Cond     []Lit // what must hold of parameters for this exit to be taken
	Rets     []RetLit
}

// A Held is a lock left held, with the chain to its acquisition.
type Held struct {
	Lock
	Must  bool
	Leak  bool // left held by a function that releases it on other paths, and no result tells which
	Loose bool // held through an object that the caller got and may release it by: orders nothing
	Chain *Chain
}

// Caps on the size of one summary.
const (
	MaxEvents = 160
	MaxExits  = 6
	MaxStores = 48
)

// A Func is the summary of one function.
type Func struct {
	Events    []Event
	Exits     []Exit // none: the function does not return
	Publishes uint64 // bit i: what parameter i points to may become visible to another goroutine
	Lends     uint64 // bit i: bit i of Publishes is set, and the goroutines that see it take no locks but those of the object
	Fresh     uint64 // bit i: result i is a new object nobody else has seen
	Lent      uint64 // bit i: the same, or only goroutines have seen it that take no locks but those of the object
	Stores    []string
	Wires     []Wire
	Truncated bool
}

// A Wire says that a field of the new object which the function returns is set to a
// parameter for good.
type Wire struct {
	Field string // path step, with the dot
	Param int
}

// Trivial reports whether calling the function does nothing a caller sees.
func (f *Func) Trivial() bool {
	return len(f.Events) == 0 && f.Returns() && !f.Moves() && f.Publishes == 0 && f.Fresh == 0 && len(f.Stores) == 0 && len(f.Wires) == 0
}

// Returns reports whether the function can return.
func (f *Func) Returns() bool { return len(f.Exits) > 0 }

// Moves reports whether some exit leaves locks other than they were.
func (f *Func) Moves() bool {
	for _, x := range f.Exits {
		if len(x.Acquired) > 0 || len(x.Released) > 0 {
			return true
		}
	}
	return false
}

// An EventKey is what makes an event different from another of its function.
type EventKey struct {
	Kind      EventKind
	Method    string
	Lock      Lock
	Rel, Cond string // Released and Cond, written out
}

// Key returns the key of e.
func (e *Event) Key() EventKey {
	k := EventKey{Kind: e.Kind, Method: e.Method, Lock: e.Lock}
	if len(e.Released) > 0 {
		var b strings.Builder
		for _, r := range e.Released {
			b.WriteByte('-')
			writeLock(&b, r)
		}
		k.Rel = b.String()
	}
	if len(e.Cond) > 0 {
		var b strings.Builder
		for _, c := range e.Cond {
			b.WriteByte('?')
			b.WriteString(c.String())
		}
		k.Cond = b.String()
	}
	return k
}

// Compare orders keys.
func (k EventKey) Compare(o EventKey) int {
	return cmp.Or(cmp.Compare(k.Kind, o.Kind), cmp.Compare(k.Method, o.Method), k.Lock.Compare(o.Lock),
		cmp.Compare(k.Rel, o.Rel), cmp.Compare(k.Cond, o.Cond))
}

// Compare orders locks.
func (l Lock) Compare(m Lock) int {
	p, q := l.Path, m.Path
	return cmp.Or(cmp.Compare(p.Kind, q.Kind), cmp.Compare(p.Ref, q.Ref), cmp.Compare(p.Steps, q.Steps),
		cmp.Compare(p.Class, q.Class), cmp.Compare(p.Gen, q.Gen), cmp.Compare(b2i(p.Read), b2i(q.Read)), cmp.Compare(l.Mode, m.Mode))
}

// Compare orders literals.
func (l Lit) Compare(m Lit) int {
	return cmp.Or(
		cmp.Compare(l.Path.Kind, m.Path.Kind), cmp.Compare(l.Path.Ref, m.Path.Ref), cmp.Compare(l.Path.Gen, m.Path.Gen),
		cmp.Compare(l.Path.Steps, m.Path.Steps), cmp.Compare(l.Op, m.Op), cmp.Compare(b2i(l.Val), b2i(m.Val)))
}

func (l Lit) String() string {
	s := "!"
	if l.Val {
		s = "="
	}
	return string(rune('0'+l.Path.Kind)) + l.Path.Ref + l.Path.Steps + l.Op + s
}

func writeLock(b *strings.Builder, l Lock) {
	b.WriteByte('0' + byte(l.Path.Kind))
	b.WriteByte('0' + byte(l.Mode))
	b.WriteString(l.Path.Ref)
	b.WriteString(l.Path.Steps)
	b.WriteByte('~')
	b.WriteString(l.Path.Class)
}

// Better orders two events of one key: the one to keep comes first. Fewer gates,
// then more certain, then shorter, then by position.
func (e *Event) Better(o *Event) bool {
	return cmp.Or(
		cmp.Compare(len(e.Inner), len(o.Inner)),
		cmp.Compare(b2i(e.Guess), b2i(o.Guess)),
		-cmp.Compare(b2i(e.Always), b2i(o.Always)),
		-cmp.Compare(e.Conf, o.Conf),
		cmp.Compare(e.Chain.Len, o.Chain.Len),
		CompareChains(e.Chain, o.Chain),
		slices.CompareFunc(e.Inner, o.Inner, func(a, b Held) int { return a.Lock.Compare(b.Lock) }),
	) < 0
}

// CompareChains orders chains by their frames.
func CompareChains(a, b *Chain) int {
	for a != nil && b != nil {
		if a == b {
			return 0
		}
		if c := cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Col, b.Col), cmp.Compare(a.Func, b.Func)); c != 0 {
			return c
		}
		a, b = a.Next, b.Next
	}
	return cmp.Compare(b2i(a != nil), b2i(b != nil))
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
