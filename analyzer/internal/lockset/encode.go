package lockset

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Sections travel between packages as bytes of our own, not as gob values: a fact
// holds the sections of all packages below, which an importer passes on unread
// unless it calls into them.
//
//	section  = version, strings, length of graph, graph, funcs
//	strings  = count, then length and bytes of each
//	the rest = unsigned varints, strings by number

// version is that of the encoding, and of what the encoded means. It goes up with every change of either: what another
// version has written is no fact. It is below 128, one byte.
const version = 3

var (
	errSection = errors.New("malformed lockcheck fact")
	errVersion = errors.New("lockcheck fact of another version")
)

type encoder struct {
	buf  []byte
	strs map[string]int
	list []string
}

func (e *encoder) int(n int)   { e.buf = binary.AppendUvarint(e.buf, uint64(n)) }
func (e *encoder) bool(b bool) { e.int(b2i(b)) }
func (e *encoder) str(s string) {
	i, ok := e.strs[s]
	if !ok {
		i = len(e.list)
		e.strs[s] = i
		e.list = append(e.list, s)
	}
	e.int(i)
}

// Encode returns the section as bytes; equal sections give equal bytes.
func (s *Section) Encode() []byte {
	e := &encoder{strs: map[string]int{}}
	e.int(len(s.Edges))
	for _, x := range s.Edges {
		e.str(string(x.From))
		e.str(string(x.To))
		e.int(int(x.FromMode))
		e.int(int(x.ToMode))
		e.str(x.Link)
		e.gates(x.Gates)
		e.str(x.Thread)
		e.int(x.Confidence)
		e.frames(x.Held)
		e.frames(x.Acquire)
	}
	e.int(len(s.Writers))
	for _, w := range s.Writers {
		e.str(string(w.Class))
		e.gates(w.Held)
		e.frames(w.At)
		e.str(w.Thread)
	}
	e.int(len(s.Requires))
	for _, key := range slices.Sorted(maps.Keys(s.Requires)) {
		e.str(key)
		e.int(len(s.Requires[key]))
		for _, class := range s.Requires[key] {
			e.str(class)
		}
	}
	graph := e.buf
	e.buf = nil
	e.int(len(s.Funcs))
	for _, key := range slices.Sorted(maps.Keys(s.Funcs)) {
		e.str(key)
		e.fn(s.Funcs[key])
	}
	funcs := e.buf
	e.buf = []byte{version}
	e.int(len(e.list))
	for _, str := range e.list {
		e.int(len(str))
		e.buf = append(e.buf, str...)
	}
	e.int(len(graph))
	e.buf = append(e.buf, graph...)
	return append(e.buf, funcs...)
}

func (e *encoder) gates(gs []lockgraph.Gate) {
	e.int(len(gs))
	for _, g := range gs {
		e.str(string(g.Class))
		e.int(int(g.Mode))
		e.bool(g.Shared)
	}
}

func (e *encoder) frames(fs []lockgraph.Frame) {
	e.int(len(fs))
	for _, f := range fs {
		e.str(f.Func)
		e.str(f.File)
		e.int(f.Line)
		e.int(f.Col)
	}
}

func (e *encoder) path(p ident.Path) {
	e.int(int(p.Kind))
	e.int(int(p.Gen))
	e.str(p.Ref)
	e.str(p.Steps)
	e.str(p.Class)
	e.bool(p.Read)
}

func (e *encoder) lock(l summary.Lock) { e.path(l.Path); e.int(int(l.Mode)) }

func (e *encoder) helds(hs []summary.Held) {
	e.int(len(hs))
	for _, h := range hs {
		e.lock(h.Lock)
		e.bool(h.Must)
		e.bool(h.Leak)
		e.bool(h.Loose)
		e.frames(h.Chain.Frames())
	}
}

func (e *encoder) locks(ls []summary.Lock) {
	e.int(len(ls))
	for _, l := range ls {
		e.lock(l)
	}
}

func (e *encoder) lits(ls []summary.Lit) {
	e.int(len(ls))
	for _, l := range ls {
		e.path(l.Path)
		e.str(l.Op)
		e.bool(l.Val)
	}
}

func (e *encoder) fn(f *summary.Func) {
	e.int(len(f.Events))
	for i := range f.Events {
		ev := &f.Events[i]
		e.int(int(ev.Kind))
		e.str(ev.Method)
		e.lock(ev.Lock)
		e.helds(ev.Inner)
		e.locks(ev.Released)
		e.lits(ev.Cond)
		e.bool(ev.Always)
		e.int(ev.Conf)
		e.frames(ev.Chain.Frames())
	}
	e.int(len(f.Exits))
	for _, x := range f.Exits {
		e.helds(x.Acquired)
		e.locks(x.Released)
		e.lits(x.Cond)
		e.int(len(x.Rets))
		for _, r := range x.Rets {
			e.int(r.Result)
			e.bool(r.Nil)
			e.bool(r.Val)
		}
	}
	e.buf = binary.AppendUvarint(e.buf, f.Publishes)
	e.buf = binary.AppendUvarint(e.buf, f.Lends)
	e.buf = binary.AppendUvarint(e.buf, f.Fresh)
	e.buf = binary.AppendUvarint(e.buf, f.Lent)
	e.int(len(f.Stores))
	for _, s := range f.Stores {
		e.str(s)
	}
	e.int(len(f.Wires))
	for _, w := range f.Wires {
		e.str(w.Field)
		e.int(w.Param)
	}
	e.bool(f.Truncated)
}

type decoder struct {
	buf  []byte
	strs []string
	err  error
}

func (d *decoder) uint64() uint64 {
	n, k := binary.Uvarint(d.buf)
	if k <= 0 {
		d.err = errSection
		d.buf = nil
		return 0
	}
	d.buf = d.buf[k:]
	return n
}

func (d *decoder) int() int {
	n := d.uint64()
	if n > 1<<40 {
		d.err = errSection
		return 0
	}
	return int(n)
}

// count reads the length of a list whose elements take a byte at least.
func (d *decoder) count() int {
	n := d.int()
	if n > len(d.buf) {
		d.err = errSection
		return 0
	}
	return n
}

// upTo reads a number that stands for one of the values of a type, of which there are no more than that.
func upTo[T ~uint8](d *decoder, last T) T {
	n := d.int()
	if n > int(last) {
		d.err = errSection
		return 0
	}
	return T(n)
}

func (d *decoder) mode() lockgraph.Mode { return upTo(d, lockgraph.Read) }

func (d *decoder) bool() bool { return d.int() != 0 }

func (d *decoder) str() string {
	i := d.int()
	if i >= len(d.strs) {
		d.err = errSection
		return ""
	}
	return d.strs[i]
}

func list[T any](d *decoder, f func() T) []T {
	n := d.count()
	if n == 0 {
		return nil
	}
	out := make([]T, 0, n)
	for range n {
		if d.err != nil {
			return nil
		}
		out = append(out, f())
	}
	return out
}

// DecodeSection reads the graph of a section; its functions are read when first
// asked for.
func DecodeSection(path string, data []byte) (*Section, error) {
	if len(data) == 0 || data[0] != version {
		return nil, errVersion
	}
	d := &decoder{buf: data[1:]}
	d.readStrings()
	n := d.count()
	if d.err != nil {
		return nil, d.err
	}
	s := &Section{Path: path, lazy: data}
	d.buf = d.buf[:n]
	s.Edges = list(d, func() lockgraph.Edge {
		return lockgraph.Edge{
			From: lockgraph.Class(d.str()), To: lockgraph.Class(d.str()),
			FromMode: d.mode(), ToMode: d.mode(), Link: d.str(), Gates: d.gates(),
			Thread: d.str(), Confidence: d.int(), Held: d.frames(), Acquire: d.frames(), Origin: path,
		}
	})
	s.Writers = list(d, func() lockgraph.Acquisition {
		return lockgraph.Acquisition{Class: lockgraph.Class(d.str()), Held: d.gates(), At: d.frames(), Thread: d.str(), Origin: path}
	})
	for range d.count() {
		if s.Requires == nil {
			s.Requires = map[string][]string{}
		}
		key := d.str()
		s.Requires[key] = list(d, d.str)
	}
	if d.err == nil && (len(d.buf) > 0 || !s.witnessed()) {
		d.err = errSection
	}
	if d.err != nil {
		return nil, d.err
	}
	return s, nil
}

// witnessed reports whether all that is said of locks has a witness, as findings rely on.
func (s *Section) witnessed() bool {
	return !slices.ContainsFunc(s.Edges, func(e lockgraph.Edge) bool { return len(e.Held) == 0 || len(e.Acquire) == 0 }) &&
		!slices.ContainsFunc(s.Writers, func(w lockgraph.Acquisition) bool { return len(w.At) == 0 })
}

func (d *decoder) readStrings() {
	d.strs = list(d, func() string {
		n := d.count()
		if d.err != nil {
			return ""
		}
		s := string(d.buf[:n])
		d.buf = d.buf[n:]
		return s
	})
}

// Func returns the summary of a function, nil if the section has none. A section whose functions cannot be read has none.
func (s *Section) Func(key string) *summary.Func {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Funcs == nil && s.lazy != nil {
		d := &decoder{buf: s.lazy[1:]}
		d.readStrings()
		if n := d.count(); d.err == nil {
			d.buf = d.buf[n:]
		}
		s.Funcs = map[string]*summary.Func{}
		for range d.count() {
			key := d.str()
			s.Funcs[key] = d.fn()
		}
		if d.err != nil || len(d.buf) > 0 {
			clear(s.Funcs)
		}
	}
	return s.Funcs[key]
}

func (d *decoder) gates() []lockgraph.Gate {
	return list(d, func() lockgraph.Gate {
		return lockgraph.Gate{Class: lockgraph.Class(d.str()), Mode: d.mode(), Shared: d.bool()}
	})
}

func (d *decoder) frames() []lockgraph.Frame {
	return list(d, func() lockgraph.Frame {
		return lockgraph.Frame{Func: d.str(), File: d.str(), Line: d.int(), Col: d.int()}
	})
}

func (d *decoder) path() ident.Path {
	return ident.Path{Kind: upTo(d, ident.Result), Gen: upTo[uint8](d, math.MaxUint8), Ref: d.str(), Steps: d.str(), Class: d.str(), Read: d.bool()}
}

func (d *decoder) lock() summary.Lock {
	return summary.Lock{Path: d.path(), Mode: d.mode()}
}

func (d *decoder) locks() []summary.Lock { return list(d, d.lock) }

func (d *decoder) helds() []summary.Held {
	return list(d, func() summary.Held {
		return summary.Held{Lock: d.lock(), Must: d.bool(), Leak: d.bool(), Loose: d.bool(), Chain: summary.Of(d.frames())}
	})
}

func (d *decoder) lits() []summary.Lit {
	return list(d, func() summary.Lit { return summary.Lit{Path: d.path(), Op: d.str(), Val: d.bool()} })
}

func (d *decoder) fn() *summary.Func {
	f := &summary.Func{}
	f.Events = list(d, func() summary.Event {
		return summary.Event{
			Kind: upTo(d, summary.CallParam), Method: d.str(), Lock: d.lock(), Inner: d.helds(), Released: d.locks(), Cond: d.lits(),
			Always: d.bool(), Conf: d.int(), Chain: summary.Of(d.frames()),
		}
	})
	f.Exits = list(d, func() summary.Exit {
		return summary.Exit{Acquired: d.helds(), Released: d.locks(), Cond: d.lits(), Rets: list(d, func() summary.RetLit {
			return summary.RetLit{Result: d.int(), Nil: d.bool(), Val: d.bool()}
		})}
	})
	f.Publishes, f.Lends, f.Fresh, f.Lent = d.uint64(), d.uint64(), d.uint64(), d.uint64()
	f.Stores = list(d, d.str)
	f.Wires = list(d, func() summary.Wire { return summary.Wire{Field: d.str(), Param: d.int()} })
	f.Truncated = d.bool()
	unwitnessed := func(h summary.Held) bool { return h.Chain == nil }
	if slices.ContainsFunc(f.Events, func(e summary.Event) bool { return e.Chain == nil }) ||
		slices.ContainsFunc(f.Exits, func(x summary.Exit) bool { return slices.ContainsFunc(x.Acquired, unwitnessed) }) {
		d.err = errSection
	}
	return f
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
