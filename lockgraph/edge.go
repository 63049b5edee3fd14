package lockgraph

import (
	"cmp"
	"slices"
	"strings"
)

// A Frame is one step of a witness: a call, or at the end of the witness the
// Lock call itself, and the function in which it stands.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col,omitempty"`
}

// A Gate is another lock that is held at an acquisition. If two hops of a
// cycle hold the same gate in modes that exclude each other, the goroutines
// cannot both be inside, and the cycle cannot close.
type Gate struct {
	Class Class `json:"class"`
	Mode  Mode  `json:"mode"`
	// Shared says that hops which agree on the locks they order agree on this
	// one, too: it is a package variable, or a lock of the same object as From
	// or To. Equality of class then is equality of lock.
	Shared bool `json:"shared,omitempty"`
}

// An Edge says: somewhere a goroutine acquires To while it holds From.
// The graph keeps the slices of an edge it was given; do not modify them
// afterwards.
type Edge struct {
	From     Class `json:"from"`
	To       Class `json:"to"`
	FromMode Mode  `json:"frommode"`
	ToMode   Mode  `json:"tomode"`

	// Link is the structural relation of the two instances, and is used only
	// when From == To. "next" says that the instance acquired is the field
	// next of the instance held; "^next" says the reverse, that the instance
	// held is the field next of the one acquired (see [InverseLink]).
	// [AnyOrder] says that the two may as well come the other way round. Empty:
	// the relation is not known.
	Link string `json:"link,omitempty"`

	// Gates are the other locks held when To is acquired, From excluded.
	// AddEdge sorts them and leaves one per class.
	Gates []Gate `json:"gates,omitempty"`

	// Thread is set if only one goroutine, named by it (such as "main"), ever
	// runs this edge.
	Thread string `json:"thread,omitempty"`

	// Confidence is 1 to 100. AddEdge clamps what lies outside.
	Confidence int `json:"confidence"`

	// Held and Acquire are the witness, outermost call first: from the
	// function which has both acquisitions in view to the acquisition of From,
	// and to that of To. The last frame of each is the Lock call.
	Held    []Frame `json:"held,omitempty"`
	Acquire []Frame `json:"acquire,omitempty"`

	// Origin is the import path of the package that contributed the edge.
	Origin string `json:"origin,omitempty"`
}

// An Acquisition is one place where a lock is acquired, with all that is held
// there. The graph uses write acquisitions to decide whether a writer can be
// pending on a read-held lock.
type Acquisition struct {
	Class  Class   `json:"class"`
	Mode   Mode    `json:"mode"`
	Held   []Gate  `json:"held,omitempty"`
	At     []Frame `json:"at,omitempty"` // witness, outermost call first
	Origin string  `json:"origin,omitempty"`
	Thread string  `json:"thread,omitempty"` // as Edge.Thread
}

// AnyOrder is the Edge.Link of two instances of which nothing tells which one
// comes first, such as what two arguments lead to: it is its own inverse, so
// that one edge is a cycle.
const AnyOrder = "<>"

// InverseLink returns the Edge.Link that describes the same two instances
// taken in the other order: "^next" for "next", "next" for "^next", and the
// same for "" and [AnyOrder].
func InverseLink(link string) string {
	if link == "" || link == AnyOrder {
		return link
	}
	if rest, ok := strings.CutPrefix(link, "^"); ok {
		return rest
	}
	return "^" + link
}

// steps is the length of the witness, the measure of how easy an edge is to
// understand.
func (e *Edge) steps() int { return len(e.Held) + len(e.Acquire) }

// normalGates returns gates sorted by class, one for each class, without
// class omit. The argument is left alone; it is returned itself if it is
// normal already, so that the common case does not allocate.
//
// Two gates of one class are two instances. They become one in the stronger
// mode, and Shared only if both were: this may lose an exclusion, but cannot
// invent one.
func normalGates(gates []Gate, omit Class) []Gate {
	normal := true
	for i, gt := range gates {
		if gt.Class == omit || i > 0 && gates[i-1].Class >= gt.Class {
			normal = false
			break
		}
	}
	if normal {
		return gates
	}
	out := make([]Gate, 0, len(gates))
	for _, gt := range gates {
		if gt.Class != omit {
			out = append(out, gt)
		}
	}
	slices.SortFunc(out, compareGate)
	n := 0
	for _, gt := range out {
		if n > 0 && out[n-1].Class == gt.Class {
			out[n-1].Mode = min(out[n-1].Mode, gt.Mode) // Write < Read
			out[n-1].Shared = out[n-1].Shared && gt.Shared
			continue
		}
		out[n] = gt
		n++
	}
	return out[:n]
}

// gatesWithin reports whether a restricts no more than b: every gate of a
// occurs in b in a mode at least as strong and is shared in b if it is in a.
// Both are normal.
func gatesWithin(a, b []Gate) bool {
	if len(a) > len(b) {
		return false
	}
	j := 0
	for _, gt := range a {
		for j < len(b) && b[j].Class < gt.Class {
			j++
		}
		if j == len(b) || b[j].Class != gt.Class || b[j].Mode > gt.Mode || gt.Shared && !b[j].Shared {
			return false
		}
		j++
	}
	return true
}

func compareGate(a, b Gate) int {
	return cmp.Or(
		cmp.Compare(a.Class, b.Class),
		cmp.Compare(a.Mode, b.Mode),
		compareBool(a.Shared, b.Shared),
	)
}

// compareGates is a total order in which a comes before b whenever a
// restricts strictly less (gatesWithin): fewer gates, then fewer in write
// mode, then fewer shared, then by name.
func compareGates(a, b []Gate) int {
	if c := cmp.Compare(len(a), len(b)); c != 0 || len(a) == 0 {
		return c
	}
	weight := func(gates []Gate) (writes, shared int) {
		for _, gt := range gates {
			if gt.Mode == Write {
				writes++
			}
			if gt.Shared {
				shared++
			}
		}
		return writes, shared
	}
	aw, as := weight(a)
	bw, bs := weight(b)
	if c := cmp.Or(cmp.Compare(aw, bw), cmp.Compare(as, bs)); c != 0 {
		return c
	}
	return slices.CompareFunc(a, b, compareGate)
}

func compareFrame(a, b Frame) int {
	return cmp.Or(
		strings.Compare(a.File, b.File),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Col, b.Col),
		strings.Compare(a.Func, b.Func),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
