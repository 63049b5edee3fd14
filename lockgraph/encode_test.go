package lockgraph

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func encode(t testing.TB, g *Graph) string {
	t.Helper()
	var buf bytes.Buffer
	if err := g.Encode(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestEncode(t *testing.T) {
	g := New()
	g.AddEdge(Edge{
		From: "a.A.mu", To: "a.B.mu", ToMode: Read, Confidence: 90,
		Gates:   []Gate{{Class: "a.g", Shared: true}},
		Held:    []Frame{{Func: "a.f", File: "a.go", Line: 3, Col: 2}},
		Acquire: []Frame{{Func: "a.f", File: "a.go", Line: 4}},
		Origin:  "a",
	})
	g.AddWriter(Acquisition{Class: "a.B.mu", Thread: "main"})
	want := `{"schema":"lockgraph/1","edges":[
{"from":"a.A.mu","to":"a.B.mu","frommode":"W","tomode":"R","gates":[{"class":"a.g","mode":"W","shared":true}],"confidence":90,"held":[{"func":"a.f","file":"a.go","line":3,"col":2}],"acquire":[{"func":"a.f","file":"a.go","line":4}],"origin":"a"}
],"writers":[
{"class":"a.B.mu","mode":"W","thread":"main"}
]}
`
	if diff := cmp.Diff(want, encode(t, g)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := encode(t, New()), `{"schema":"lockgraph/1","edges":[],"writers":[]}`+"\n"; got != want {
		t.Errorf("empty graph: %s", got)
	}
}

func TestRoundTrip(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		g := mustParse(t, strings.Join(randomLines(rnd), "\n"))
		text := encode(t, g)
		back, err := Decode(iotest.OneByteReader(strings.NewReader(text)))
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if diff := cmp.Diff(text, encode(t, back)); diff != "" {
			t.Fatalf("encoded again (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(dump(g), dump(back)); diff != "" {
			t.Fatalf("decoded (-want +got):\n%s", diff)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	const head = `{"schema":"lockgraph/1",`
	for _, test := range []struct{ name, in, want string }{
		{"empty", ``, `input ends early`},
		{"not JSON", `hello`, `input is not JSON at byte`},
		{"array", `[]`, `found "[" instead of {`},
		{"null", `null`, `instead of {`},
		{"no schema", `{}`, `"schema" is missing`},
		{"schema not first", `{"edges":[]}`, `input begins with "edges"`},
		{"other schema", `{"schema":"lockgraph/2","edges":[],"writers":[]}`, `schema is "lockgraph/2", but this version reads "lockgraph/1"`},
		{"schema not a string", `{"schema":1}`, `JSON number`},
		{"no edges", head + `"writers":[]}`, `"edges" is missing`},
		{"edges twice", head + `"edges":[],"edges":[]}`, `"edges" occurs twice`},
		{"unknown section", head + `"nodes":[]}`, `unknown field "nodes"`},
		{"unknown field", head + `"edges":[{"form":"A"}]}`, `unknown field "form"`},
		{"edges not a list", head + `"edges":{}}`, `instead of [`},
		{"edge not an object", head + `"edges":[1]}`, `JSON number`},
		{"null edge", head + `"edges":[null]}`, `edge 1: lock class without a name`},
		{"bad mode", head + `"edges":[{"from":"A","to":"B","frommode":"X"}]}`, `mode is neither`},
		{"confidence", head + `"edges":[{"from":"A","to":"B","confidence":101}]}`, `edge 1: confidence 101`},
		{"no confidence", head + `"edges":[{"from":"A","to":"B"}]}`, `edge 1: confidence 0`},
		{"link", head + `"edges":[{"from":"A","to":"B","link":"x","confidence":1}]}`, `link between two classes`},
		{"gate", head + `"edges":[{"from":"A","to":"B","confidence":1,"gates":[{}]}]}`, `gate without a name`},
		{"many gates", head + `"edges":[{"from":"A","to":"B","confidence":1,"gates":[` +
			strings.Repeat(`{"class":"G"},`, maxGates) + `{"class":"G"}]}]}`, `gates are more than`},
		{"many frames", head + `"edges":[{"from":"A","to":"B","confidence":1,"held":[` +
			strings.Repeat(`{},`, maxFrames) + `{}]}]}`, `witness frames are more than`},
		{"position", head + `"edges":[{"from":"A","to":"B","confidence":1,"held":[{"line":-1}]}]}`, `position -1:0 is negative`},
		{"line too large", head + `"edges":[{"from":"A","to":"B","confidence":1,"held":[{"line":1e99}]}]}`, `JSON number`},
		{"read writer", head + `"edges":[],"writers":[{"class":"A","mode":"R"}]}`, `writer 1: mode is not`},
		{"trailing", head + `"edges":[],"writers":[]} {}`, `something follows`},
		{"deep", head + `"edges":` + strings.Repeat(`[`, 100_000), `exceeded max depth`},
	} {
		g, err := Decode(strings.NewReader(test.in))
		if err == nil || g != nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		msg := err.Error()
		if !strings.Contains(msg, test.want) || !strings.HasPrefix(msg, "lockgraph: ") ||
			strings.Contains(msg, "\n") || len(msg) > 200 {
			t.Errorf("%s: error %q does not say %q", test.name, msg, test.want)
		}
	}
}

func TestDecodeTruncated(t *testing.T) {
	text := encode(t, mustParse(t, `
		A -> B [G! H:r] @main %50 #2
		B:r -> A
		writer A [G]`))
	for n := range len(text) - 1 { // the last byte is a newline
		if _, err := Decode(strings.NewReader(text[:n])); err == nil || !strings.Contains(err.Error(), "ends early") {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

func TestDecodeReadError(t *testing.T) {
	broken := errors.New("broken disk")
	if _, err := Decode(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type failAfter int

func (n *failAfter) Write(p []byte) (int, error) {
	if *n -= failAfter(len(p)); *n < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func TestEncodeWriteError(t *testing.T) {
	g := build(dagEdges(1000, 0, false))
	for _, n := range []failAfter{0, 10_000} {
		if err := g.Encode(&n); err == nil || err.Error() != "disk full" {
			t.Errorf("got %v", err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(encode(f, New())))
	f.Add([]byte(encode(f, mustParse(f, `
		A -> B [G! H:r] @main %50 #2
		B:r -> A:r
		A -> A .next
		writer A [G]
		writer B`))))
	f.Add([]byte(`{"schema":"lockgraph/1","edges":[{"from":"A","to":"B","confidence":1,"gates":null}],"writers":[null]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		g, err := Decode(bytes.NewReader(in))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of more than a line: %q", err)
			}
			return
		}
		text := encode(t, g)
		back, err := Decode(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%v in our own output\n%s", err, text)
		}
		if again := encode(t, back); again != text {
			t.Errorf("encoded as\n%s\nthen as\n%s", text, again)
		}
		g.Cycles(Options{})
	})
}
