package lockgraph_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/lockcheck/lockcheck/lockgraph"
)

// transfer is a small program's graph: Transfer locks the account and then the
// ledger, Audit the ledger and then the account.
func transfer() *lockgraph.Graph {
	g := lockgraph.New()
	g.AddEdge(lockgraph.Edge{
		From: "bank.Account.mu", To: "bank.Ledger.mu", Confidence: 100,
		Held: []lockgraph.Frame{{Func: "(*Account).Transfer", File: "transfer.go", Line: 38}},
		Acquire: []lockgraph.Frame{
			{Func: "(*Account).Transfer", File: "transfer.go", Line: 41},
			{Func: "(*Ledger).Record", File: "ledger.go", Line: 19},
		},
	})
	g.AddEdge(lockgraph.Edge{
		From: "bank.Ledger.mu", To: "bank.Account.mu", Confidence: 90,
		Held:    []lockgraph.Frame{{Func: "(*Ledger).Audit", File: "audit.go", Line: 84}},
		Acquire: []lockgraph.Frame{{Func: "(*Ledger).Audit", File: "audit.go", Line: 88}},
	})
	return g
}

func Example() {
	for _, c := range transfer().Cycles(lockgraph.Options{}) {
		fmt.Println(c.Key())
		for _, e := range c.Edges {
			held, acquire := e.Held[len(e.Held)-1], e.Acquire[len(e.Acquire)-1]
			fmt.Printf("  %s:%d %s locks %s\n", held.File, held.Line, held.Func, e.From)
			fmt.Printf("  %s:%d %s locks %s\n", acquire.File, acquire.Line, acquire.Func, e.To)
		}
	}
	// Output:
	// bank.Account.mu -> bank.Ledger.mu -> bank.Account.mu
	//   transfer.go:38 (*Account).Transfer locks bank.Account.mu
	//   ledger.go:19 (*Ledger).Record locks bank.Ledger.mu
	//   audit.go:84 (*Ledger).Audit locks bank.Ledger.mu
	//   audit.go:88 (*Ledger).Audit locks bank.Account.mu
}

// A lock that both sides hold makes an inversion harmless. If it may be two
// locks of one class, that is in doubt.
func ExampleGraph_Cycles_gate() {
	for _, shared := range []bool{true, false} {
		g := lockgraph.New()
		gate := []lockgraph.Gate{{Class: "m.Server.mu", Shared: shared}}
		g.AddEdge(lockgraph.Edge{From: "m.A.mu", To: "m.B.mu", Gates: gate, Confidence: 100})
		g.AddEdge(lockgraph.Edge{From: "m.B.mu", To: "m.A.mu", Gates: gate, Confidence: 100})
		cycles := g.Cycles(lockgraph.Options{})
		fmt.Println("shared:", shared, "cycles:", len(cycles))
		for _, c := range cycles {
			fmt.Println(c.Key(), "doubt:", c.Doubt)
		}
	}
	// Output:
	// shared: true cycles: 0
	// shared: false cycles: 1
	// m.A.mu -> m.B.mu -> m.A.mu doubt: true
}

func ExampleGraph_Cycles() {
	g := transfer()
	for _, least := range []int{0, 95} {
		cycles := g.Cycles(lockgraph.Options{MinConfidence: least})
		fmt.Printf("with edges of at least %d: %d\n", least, len(cycles))
	}
	// Output:
	// with edges of at least 0: 1
	// with edges of at least 95: 0
}

// Two readers do not block each other unless a writer waits between them.
func ExampleGraph_AddWriter() {
	const r = lockgraph.Read
	g := lockgraph.New()
	g.AddEdge(lockgraph.Edge{From: "m.A.mu", To: "m.B.mu", ToMode: r, Confidence: 100})
	g.AddEdge(lockgraph.Edge{From: "m.B.mu", FromMode: r, To: "m.A.mu", Confidence: 100})
	fmt.Println(len(g.Cycles(lockgraph.Options{})))

	g.AddWriter(lockgraph.Acquisition{Class: "m.B.mu", At: []lockgraph.Frame{{Func: "m.Set"}}})
	for _, c := range g.Cycles(lockgraph.Options{}) {
		fmt.Println(c.Key(), "while", c.Writers[0].At[0].Func, "waits to write", c.Writers[0].Class)
	}
	// Output:
	// 0
	// m.A.mu -> m.B.mu -> m.A.mu while m.Set waits to write m.B.mu
}

func ExampleGraph_Writers() {
	g := lockgraph.New()
	g.AddWriter(lockgraph.Acquisition{Class: "m.A.mu", Held: []lockgraph.Gate{{Class: "m.B.mu"}}})
	g.AddWriter(lockgraph.Acquisition{Class: "m.A.mu"}) // makes the first superfluous
	for _, w := range g.Writers("m.A.mu") {
		fmt.Println(w.Class, w.Mode, len(w.Held))
	}
	// Output: m.A.mu write 0
}

func ExampleGraph_AddEdge() {
	g := lockgraph.New()
	gate := []lockgraph.Gate{{Class: "m.G.mu"}}
	g.AddEdge(lockgraph.Edge{From: "m.A.mu", To: "m.B.mu", Gates: gate, Confidence: 80})
	g.AddEdge(lockgraph.Edge{From: "m.A.mu", To: "m.B.mu", Confidence: 50})
	g.AddEdge(lockgraph.Edge{From: "m.A.mu", To: "m.B.mu", Gates: gate, Confidence: 40}) // worse than both
	for _, e := range g.Edges() {
		fmt.Println(e.From, "->", e.To, "gates:", len(e.Gates), "confidence:", e.Confidence)
	}
	// Output:
	// m.A.mu -> m.B.mu gates: 0 confidence: 50
	// m.A.mu -> m.B.mu gates: 1 confidence: 80
}

func ExampleGraph_Edges() {
	for _, e := range transfer().Edges() {
		fmt.Println(e.From, e.FromMode, "->", e.To, e.ToMode)
	}
	// Output:
	// bank.Account.mu write -> bank.Ledger.mu write
	// bank.Ledger.mu write -> bank.Account.mu write
}

func ExampleGraph_Classes() {
	fmt.Println(transfer().Classes())
	// Output: [bank.Account.mu bank.Ledger.mu]
}

// Locking a child under its parent in one place and a parent under its child
// in another is an inversion within one class.
func ExampleGraph_SelfEdges() {
	g := lockgraph.New()
	g.AddEdge(lockgraph.Edge{From: "m.Node.mu", To: "m.Node.mu", Link: "parent", Confidence: 100})
	fmt.Println(len(g.SelfEdges()), len(g.Cycles(lockgraph.Options{})))
	g.AddEdge(lockgraph.Edge{From: "m.Node.mu", To: "m.Node.mu", Link: lockgraph.InverseLink("parent"), Confidence: 100})
	fmt.Println(len(g.SelfEdges()), len(g.Cycles(lockgraph.Options{})))
	// Output:
	// 1 0
	// 2 1
}

func ExampleInverseLink() {
	fmt.Println(lockgraph.InverseLink("next"), lockgraph.InverseLink("^next"))
	// Output: ^next next
}

func ExampleCycle_Fingerprint() {
	for _, c := range transfer().Cycles(lockgraph.Options{}) {
		fmt.Println(c.Fingerprint(), c.Classes())
	}
	// Output: 4843a032784df63b [bank.Account.mu bank.Ledger.mu]
}

func ExampleMode_Excludes() {
	fmt.Println(lockgraph.Read.Excludes(lockgraph.Read), lockgraph.Read.Excludes(lockgraph.Write))
	// Output: false true
}

func ExampleGraph_Encode() {
	g := lockgraph.New()
	g.AddEdge(lockgraph.Edge{From: "m.A.mu", To: "m.B.mu", ToMode: lockgraph.Read, Confidence: 100})
	if err := g.Encode(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"schema":"lockgraph/1","edges":[
	// {"from":"m.A.mu","to":"m.B.mu","frommode":"W","tomode":"R","confidence":100}
	// ],"writers":[]}
}

func ExampleDecode() {
	_, err := lockgraph.Decode(strings.NewReader(`{"schema":"lockgraph/9"}`))
	fmt.Println(err)
	_, err = lockgraph.Decode(strings.NewReader(`{"schema":"lockgraph/1","edges":[{"from`))
	fmt.Println(err)
	// Output:
	// lockgraph: schema is "lockgraph/9", but this version reads "lockgraph/1"
	// lockgraph: input ends early
}

func ExampleOrder() {
	o := lockgraph.NewOrder()
	a, b, c := o.NewNode(), o.NewNode(), o.NewNode()
	fmt.Println(o.Add(a, b))
	fmt.Println(o.Add(b, c))
	path, ok := o.Add(c, a)
	fmt.Println(len(path), path[0] == a, path[2] == c, ok)

	o.Remove(b) // and with it the way from a to c
	_, ok = o.Add(c, a)
	fmt.Println(ok, o.Has(c, a), o.Has(a, b))
	// Output:
	// [] true
	// [] true
	// 3 true true false
	// true true false
}
