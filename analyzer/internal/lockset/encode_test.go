package lockset_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// section returns a section in which every field that travels has a value.
func section() *lockset.Section {
	at := func(fn string, line int) lockgraph.Frame {
		return lockgraph.Frame{Func: "example.com/p." + fn, File: "/src/p/p.go", Line: line, Col: line % 7}
	}
	path := ident.Path{Kind: ident.Param, Gen: 1, Ref: "0", Steps: "^.mu", Class: "example.com/p.T.mu", Read: true}
	lock := summary.Lock{Path: path, Mode: lockgraph.Read}
	chain := summary.Of([]lockgraph.Frame{at("F", 10), at("G", 300), at("(*T).H", 5)})
	held := summary.Held{Lock: lock, Must: true, Leak: true, Chain: chain}
	lit := summary.Lit{Path: path, Op: "==nil", Val: true}
	return &lockset.Section{
		Path: "example.com/p",
		Edges: []lockgraph.Edge{
			{
				From: "example.com/p.T.mu", To: "example.com/p.T.rw", FromMode: lockgraph.Read, ToMode: lockgraph.Read, Link: "^next",
				Gates:  []lockgraph.Gate{{Class: "example.com/p.gate", Mode: lockgraph.Read, Shared: true}, {Class: "x"}},
				Thread: "main", Confidence: 77, Held: []lockgraph.Frame{at("F", 1)}, Acquire: []lockgraph.Frame{at("F", 2), at("G", 3)},
				Origin: "example.com/p",
			},
			{From: "a", To: "b", Confidence: 100, Origin: "example.com/p"},
		},
		Writers: []lockgraph.Acquisition{
			{Class: "example.com/p.T.rw", Held: []lockgraph.Gate{{Class: "x"}}, At: []lockgraph.Frame{at("W", 9)}, Thread: "init", Origin: "example.com/p"},
		},
		Funcs: map[string]*summary.Func{
			"example.com/p.F": {
				Events: []summary.Event{{
					Kind: summary.CallParam, Method: "String", Lock: lock, Inner: []summary.Held{held}, Released: []summary.Lock{lock},
					Cond: []summary.Lit{lit}, Always: true, Conf: 88, Chain: chain,
				}, {Lock: lock, Chain: chain}},
				Exits: []summary.Exit{{
					Acquired: []summary.Held{held}, Released: []summary.Lock{lock, lock}, Cond: []summary.Lit{lit},
					Rets: []summary.RetLit{{Result: 1, Nil: true, Val: true}, {}},
				}, {}},
				Publishes: 1 << 63, Lends: 1 << 62, Fresh: 5, Lent: 7, Stores: []string{"example.com/p.T.f", ""},
				Wires: []summary.Wire{{Field: ".mu", Param: 2}}, Truncated: true,
			},
			"(*example.com/p.T).G": &summary.Func{Exits: []summary.Exit{{}}},
			"never returns":        {},
		},
	}
}

func TestEncode(t *testing.T) {
	want := section()
	data := want.Encode()
	if again := section().Encode(); !bytes.Equal(data, again) {
		t.Error("equal sections give different bytes")
	}
	got, err := lockset.DecodeSection("example.com/p", data)
	if err != nil {
		t.Fatal(err)
	}
	if got.Func("nowhere") != nil {
		t.Error("a function that is not in the section")
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(lockset.Section{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("encoded (-), decoded (+):\n%s", diff)
	}
	if again := got.Encode(); !bytes.Equal(data, again) {
		t.Error("encoding what was decoded gives other bytes")
	}
}

func TestEncodeEmpty(t *testing.T) {
	s := &lockset.Section{Path: "p"}
	if !s.Empty() {
		t.Error("a section without anything is not empty")
	}
	got, err := lockset.DecodeSection("p", s.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Edges)+len(got.Writers) > 0 || got.Func("f") != nil {
		t.Errorf("got %+v", got)
	}
	if section().Empty() {
		t.Error("a section with something is empty")
	}
}

// TestDecodeMalformed decodes what is left of a section by truncation at every byte, and
// by a change of every byte. Whatever comes out, it is no panic.
func TestDecodeMalformed(t *testing.T) {
	data := section().Encode()
	decode := func(data []byte) error {
		s, err := lockset.DecodeSection("example.com/p", data)
		if err != nil {
			return err
		}
		s.Func("example.com/p.F")
		s.Encode()
		return nil
	}
	for i := range data {
		// The graph is an error if it is cut. The functions may be, as they are read later.
		if err := decode(data[:i:i]); err == nil && i < len(data)/4 {
			t.Errorf("no error for %d of %d bytes", i, len(data))
		}
		for _, b := range []byte{0, 1, 0x7f, 0x80, 0xff, data[i] + 1, data[i] - 1} {
			bad := bytes.Clone(data)
			bad[i] = b
			decode(bad)
		}
	}
	if decode(append(bytes.Repeat([]byte{0xff}, 9), 1)) == nil {
		t.Error("no error for a count of 2^63 and more")
	}
}

func TestFactString(t *testing.T) {
	f := &lockset.Fact{Sections: []lockset.SectionBytes{{Path: "example.com/p", Data: section().Encode()}, {Path: "q", Data: []byte{1}}}}
	const want = "locks(example.com/p: 2 edges, 3 functions; q: malformed lockcheck fact)"
	if got := f.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
