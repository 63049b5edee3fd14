package lockset_test

import (
	"bytes"
	"go/types"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/internal/suite"
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
			{From: "a", To: "b", Confidence: 100, Held: []lockgraph.Frame{at("F", 4)}, Acquire: []lockgraph.Frame{at("F", 5)}, Origin: "example.com/p"},
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
		// The graph is an error if it is cut. The functions are read later: then there are none.
		cut, err := lockset.DecodeSection("example.com/p", data[:i:i])
		if err == nil && i < len(data)/4 {
			t.Errorf("no error for %d of %d bytes", i, len(data))
		}
		if err == nil && cut.Func("example.com/p.F") != nil {
			t.Errorf("a function is read of %d of %d bytes", i, len(data))
		}
		for _, b := range []byte{0, 1, 0x7f, 0x80, 0xff, data[i] + 1, data[i] - 1} {
			bad := bytes.Clone(data)
			bad[i] = b
			decode(bad)
		}
	}
	if decode(append(append(data[:1:1], bytes.Repeat([]byte{0xff}, 9)...), 1)) == nil {
		t.Error("no error for a count of 2^63 and more")
	}
}

// TestDecodeVersion checks that what another version has written is not read, whatever the rest is.
func TestDecodeVersion(t *testing.T) {
	for _, data := range [][]byte{section().Encode(), (&lockset.Section{Path: "example.com/p"}).Encode()} {
		for v := range 256 {
			other := bytes.Clone(data)
			other[0] = byte(v)
			s, err := lockset.DecodeSection("example.com/p", other)
			if v == int(data[0]) {
				if err != nil {
					t.Errorf("own version: %v", err)
				}
			} else if err == nil || s != nil {
				t.Errorf("version %d instead of %d is read", v, data[0])
			}
		}
	}
	if s, err := lockset.DecodeSection("example.com/p", nil); err == nil || s != nil {
		t.Error("nothing is read as a section")
	}
}

// FuzzDecodeSection decodes any bytes: there is no panic, and what is read without error can be written and read again.
func FuzzDecodeSection(f *testing.F) {
	data := section().Encode()
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add((&lockset.Section{}).Encode())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := lockset.DecodeSection("example.com/p", data)
		if err != nil {
			return
		}
		s.Func("")
		again, err := lockset.DecodeSection("example.com/p", s.Encode())
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v", err)
		}
		again.Func("")
		if diff := cmp.Diff(s, again, cmpopts.IgnoreUnexported(lockset.Section{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("read (-), written and read again (+):\n%s", diff)
		}
		g := lockgraph.New()
		for _, e := range s.Edges {
			g.AddEdge(e)
		}
		g.Cycles(lockgraph.Options{})
	})
}

// TestOtherVersion checks that a package is analyzed as if there were no facts if those there are cannot be read.
func TestOtherVersion(t *testing.T) {
	p := ssatest.Load(t, `-- example.com/p/p.go --
package p
import "sync"
type T struct { mu sync.Mutex }
func (t *T) f() { t.mu.Lock(); t.mu.Lock() }`)
	pkg := p.Package("example.com/p")
	run := func(data []byte) (int, []lockset.SectionBytes) {
		var facts []lockset.SectionBytes
		res, err := lockset.Analyzer.Run(&analysis.Pass{
			Analyzer: lockset.Analyzer, Fset: p.Fset, Files: pkg.Files, Pkg: pkg.Types, TypesInfo: pkg.Info, ReadFile: p.ReadFile,
			ImportPackageFact: func(_ *types.Package, f analysis.Fact) bool {
				f.(*lockset.Fact).Sections = []lockset.SectionBytes{{Path: "example.com/p/below", Data: data}}
				return true
			},
			ExportPackageFact: func(f analysis.Fact) { facts = f.(*lockset.Fact).Sections },
		})
		if err != nil {
			t.Fatal(err)
		}
		return len(res.(*lockset.View).Findings(suite.Checks)), facts
	}
	good := section().Encode()
	other := bytes.Clone(good)
	other[0]++
	for _, bad := range [][]byte{other, good[:20], []byte("garbage"), nil} {
		n, facts := run(bad)
		if n != 1 || len(facts) != 1 || facts[0].Path != "example.com/p" {
			t.Errorf("with the fact %q: %d findings, facts %v", bad, n, facts)
		}
	}
	if _, facts := run(good); len(facts) != 2 {
		t.Errorf("a good fact is not passed on: %v", facts)
	}
}

func TestFactString(t *testing.T) {
	f := &lockset.Fact{Sections: []lockset.SectionBytes{{Path: "example.com/p", Data: section().Encode()}, {Path: "q", Data: []byte{1}}}}
	const want = "locks(example.com/p: 2 edges, 3 functions; q: lockcheck fact of another version)"
	if got := f.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
