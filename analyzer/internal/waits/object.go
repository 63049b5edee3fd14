package waits

import (
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A Spot is an instruction of a function.
type Spot struct {
	Fn *effects.Func
	V  V
}

// At returns the instruction.
func (s Spot) At() *effects.Instr { return s.Fn.At(s.V) }

// An Object is all channels, or contexts, that one instruction makes.
type Object struct {
	Made     Spot
	Context  bool // a context that ends only when it is canceled: Close is the call that cancels it
	Complete bool // all that is done to it is in view
	Size     int  // how many values the channel has room for; -1 if that is not known
	Asked    bool // the program asks how many values are in it
	Ops      []Op // in the order of the functions
}

// A Kind is what an operation does.
type Kind uint8

const (
	Send Kind = iota
	Recv
	Close
)

// An Op is one operation on a channel.
type Op struct {
	Spot
	Kind Kind
	Case int // of a Select, from 1; 0 if it is none
}

// Deferred reports whether the operation is done when its function ends.
func (o Op) Deferred() bool { return o.At().How == effects.Deferred }

// Waits reports whether the operation may wait: it is a send or receive, and no case of a select that has a default.
func (o Op) Waits() bool {
	return o.Kind != Close && (o.Case == 0 || o.At().Flags&effects.Blocking != 0)
}

// Ends reports whether an operation could end the wait of another one on the same channel.
func (o Op) Ends(wait Op) bool {
	if wait.Kind == Send {
		return o.Kind == Recv
	}
	return o.Kind != Recv
}

// eachOp calls visit for the operations on channels that an instruction does itself, and the values that are the channels.
func eachOp(fn *effects.Func, v V, visit func(op Op, ch V)) {
	in := fn.At(v)
	at := Spot{fn, v}
	switch in.Op {
	case effects.Send:
		visit(Op{at, Send, 0}, in.Args[0])
	case effects.Recv:
		visit(Op{at, Recv, 0}, in.Args[0])
	case effects.Close:
		visit(Op{at, Close, 0}, in.Args[0])
	case effects.Select:
		for i := 0; i+1 < len(in.Args); i += 2 {
			kind := Recv
			if in.Args[i+1] != 0 {
				kind = Send
			}
			visit(Op{at, kind, i/2 + 1}, in.Args[i])
		}
	}
}

// size returns how many values the channels of an object have room for; -1 if that is not known, or not one number.
func (m *Model) size(fn *effects.Func, v V, depth int) int {
	in := fn.At(v)
	switch in.Op {
	case effects.Const:
		if n, err := strconv.Atoi(in.Sym); err == nil {
			return n
		}
	case effects.Param:
		if depth > 4 || m.flow.kept[fn] {
			return -1
		}
		i := indexOf(fn.Params, v)
		size, first := -1, true
		for _, at := range m.callers[fn] {
			args := argsOf(at.At())
			if i >= len(args) || args[i] == 0 {
				return -1
			}
			n := m.size(at.Fn, args[i], depth+1)
			if n < 0 || !first && n != size {
				return -1
			}
			size, first = n, false
		}
		return size
	}
	return -1
}

func indexOf(vs []V, v V) int {
	for i, x := range vs {
		if x == v {
			return i
		}
	}
	return -1
}

// argsOf returns the arguments of a call.
func argsOf(in *effects.Instr) []V {
	if in.Flags&effects.Dynamic != 0 {
		return in.Args[1:]
	}
	return in.Args
}

// Each calls visit for the operations that an instruction does: one, or one for each case of a Select.
func (m *Model) Each(at Spot, visit func(Op)) {
	eachOp(at.Fn, at.V, func(op Op, _ V) { visit(op) })
}

// A spread is where an object gets to.
type spread struct {
	away   bool // out of the function that makes it
	stored bool // into a field, a package variable or a result
}

// spreads finds where objects get to.
func (m *Model) spreads() {
	f := m.flow
	m.spread = make([]spread, len(f.items))
	for k, at := range f.values {
		for i := range f.points[at] {
			if o := f.items[i].obj; o != nil {
				m.spread[i].away = m.spread[i].away || k.fn != o.Made.Fn
				m.spread[i].stored = m.spread[i].stored || k.role == result || k.role == part && !o.Context
			}
		}
	}
	for _, at := range f.classes {
		for i := range f.points[at] {
			m.spread[i] = spread{true, true}
		}
	}
}

func (m *Model) spreadOf(o *Object) spread {
	return m.spread[m.flow.itemOf[valueKey{o.Made.Fn, o.Made.V, value, 0}]]
}

// Leaves reports whether an object gets out of the function that makes it.
func (m *Model) Leaves(o *Object) bool { return m.spreadOf(o).away }

// Local reports whether only functions have an object, each time that the one which makes it runs: in variables, as arguments and by literals, but not in
// fields, package variables or results.
func (m *Model) Local(o *Object) bool { return o.Complete && !m.spreadOf(o).stored }
