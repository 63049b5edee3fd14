package lockorder

import (
	"fmt"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// finding words one cycle.
func (v view) finding(c lockgraph.Cycle) report.Finding {
	edges := v.rotate(c.Edges)
	own := edges[0]
	f := report.Finding{Check: name, Package: v.Path, Fingerprint: c.Fingerprint()}
	f.Weigh(confidence(c, edges))
	site, joined := own.Acquire[0], ""
	if own.Origin == v.Path || len(v.Imports) == 0 {
		v.Stand(&f, site)
		f.End = v.Engine.Syntax.EndOf(f.Pos)
	} else {
		f.Pos, f.End = v.importOf(c)
		f.Posn = v.Position(f.Pos)
		joined = " at " + report.At(site)
	}
	f.Message = v.message(edges, joined)
	if own.Link == lockgraph.AnyOrder {
		edges = edges[:1] // both sides are one
	}
	for _, x := range edges {
		from, to := v.lock(x.From), v.lock(x.To)
		v.AddSteps(&f, report.Trace(x.Held, from, x.FromMode, v.Path, ""))
		v.AddSteps(&f, report.Trace(x.Acquire, to, x.ToMode, v.Path, fmt.Sprintf(" while %s is %s", from, report.Held(x.FromMode))))
	}
	for _, w := range c.Writers {
		v.AddSteps(&f, report.Trace(w.At, v.lock(w.Class), lockgraph.Write, v.Path, ", for writing; while it waits, readers wait behind it"))
	}
	return f
}

// doubtFactor lowers a cycle that a lock of one class stands across on both sides:
// if it is always the same lock, there is no deadlock.
const doubtFactor = 30

// testFactor lowers a cycle of which only a part is in test files: tests often stand
// in for one side of the program in ways that the program does not.
const testFactor = 50

func mixesTest(edges []lockgraph.Edge) bool {
	tests := 0
	for _, e := range edges {
		if strings.HasSuffix(e.Acquire[0].File, "_test.go") {
			tests++
		}
	}
	return tests > 0 && tests < len(edges)
}

// confidence weighs a cycle.
func confidence(c lockgraph.Cycle, edges []lockgraph.Edge) report.Confidence {
	conf := report.Sure(c.Confidence, "the weakest of the orders")
	if c.Doubt {
		conf.Times(doubtFactor, "a lock of one class is held on both sides: if it is always the same, there is no deadlock")
	}
	if mixesTest(edges) {
		conf.Times(testFactor, "one side is a test, the other is not")
	}
	return conf
}

func (v view) lock(c lockgraph.Class) string { return report.Lock(c, v.Path) }

// message words the verdict. Joined tells where the first edge is, if it is not where the finding stands.
func (v view) message(edges []lockgraph.Edge, joined string) string {
	own := edges[0]
	to := v.lock(own.To)
	if own.From != own.To && len(edges) > 2 {
		var names []string
		for _, x := range edges {
			names = append(names, v.lock(x.From))
		}
		names = append(names, names[0])
		return fmt.Sprintf("locking %s%s closes the cycle %s; goroutines on these paths can deadlock", to, joined, strings.Join(names, " -> "))
	}
	if own.Link == lockgraph.AnyOrder {
		return fmt.Sprintf("another %s is %s while %s is %s%s, in the order of the arguments; two goroutines that call %s with the same two the other way round can deadlock",
			to, report.Locked(own.ToMode), v.lock(own.From), report.Held(own.FromMode), joined, report.Func(own.Acquire[0].Func, v.Path))
	}
	if own.From == own.To {
		to = fmt.Sprintf("another %s (%s)", to, linkText(own.Link))
	}
	return fmt.Sprintf("%s is %s while %s is %s%s, but %s locks them in the other order; two goroutines can deadlock",
		to, report.Locked(own.ToMode), v.lock(own.From), report.Held(own.FromMode), joined, report.At(edges[1].Acquire[0]))
}

func linkText(link string) string {
	if inverse, ok := strings.CutPrefix(link, "^"); ok {
		return "whose " + inverse + " it is"
	}
	return "its " + link
}
