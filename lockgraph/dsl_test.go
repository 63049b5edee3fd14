package lockgraph

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// Graphs in tests are written as text, one edge or writer a line:
//
//	A -> B                 B is locked while A is held
//	A:r -> B:r             both in read mode
//	A -> B [G H:r K!]      with gates: G, H in read mode, K shared
//	A -> B @main %50 #3    thread, confidence (default 100), witness of 3 frames
//	A -> A .next           link
//	writer A [B] @main     a write acquisition of A with B held
//
// Cycles are written by describe: the key, then "?" for Doubt, then the
// confidence if not 100, then the classes of the writers.

func parseGate(s string) Gate {
	s, shared := strings.CutSuffix(s, "!")
	class, mode := parseLock(s)
	return Gate{class, mode, shared}
}

func parseLock(s string) (Class, Mode) {
	if c, ok := strings.CutSuffix(s, ":r"); ok {
		return Class(c), Read
	}
	return Class(s), Write
}

// addLine adds one line to g.
func addLine(g *Graph, line string) error {
	rest, gates := line, []Gate(nil)
	if i, j := strings.IndexByte(line, '['), strings.IndexByte(line, ']'); i >= 0 && j > i {
		for _, s := range strings.Fields(line[i+1 : j]) {
			gates = append(gates, parseGate(s))
		}
		rest = line[:i] + line[j+1:]
	}
	words := strings.Fields(rest)
	e := Edge{Confidence: 100, Gates: gates}
	var opts []string
	switch {
	case len(words) >= 2 && words[0] == "writer":
		opts = words[2:]
	case len(words) >= 3 && words[1] == "->":
		e.From, e.FromMode = parseLock(words[0])
		e.To, e.ToMode = parseLock(words[2])
		opts = words[3:]
	default:
		return fmt.Errorf("cannot read %q", line)
	}
	for _, o := range opts {
		switch o[0] {
		case '@':
			e.Thread = o[1:]
		case '%':
			e.Confidence, _ = strconv.Atoi(o[1:])
		case '.':
			e.Link = o[1:]
		case '#':
			n, _ := strconv.Atoi(o[1:])
			e.Acquire = make([]Frame, n)
		default:
			return fmt.Errorf("cannot read %q of %q", o, line)
		}
	}
	if words[0] == "writer" {
		g.AddWriter(Acquisition{Class: Class(words[1]), Held: gates, Thread: e.Thread, At: e.Acquire})
	} else {
		g.AddEdge(e)
	}
	return nil
}

func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			out = append(out, line)
		}
	}
	return out
}

func mustParse(t testing.TB, text string) *Graph {
	t.Helper()
	g := New()
	for _, line := range lines(text) {
		if err := addLine(g, line); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func describeGates(gates []Gate) string {
	if len(gates) == 0 {
		return ""
	}
	var words []string
	for _, gt := range gates {
		s := string(gt.Class)
		if gt.Mode == Read {
			s += ":r"
		}
		if gt.Shared {
			s += "!"
		}
		words = append(words, s)
	}
	return " [" + strings.Join(words, " ") + "]"
}

func describeEdge(e Edge) string {
	s := string(e.From)
	if e.FromMode == Read {
		s += ":r"
	}
	s += " -> " + string(e.To)
	if e.ToMode == Read {
		s += ":r"
	}
	s += describeGates(e.Gates)
	if e.Thread != "" {
		s += " @" + e.Thread
	}
	if e.Confidence != 100 {
		s += fmt.Sprintf(" %%%d", e.Confidence)
	}
	if e.Link != "" {
		s += " ." + e.Link
	}
	if n := e.steps(); n > 0 {
		s += fmt.Sprintf(" #%d", n)
	}
	return s
}

func describeWriter(a Acquisition) string {
	s := "writer " + string(a.Class) + describeGates(a.Held)
	if a.Thread != "" {
		s += " @" + a.Thread
	}
	return s
}

func describe(c Cycle) string {
	s := c.Key()
	if c.Doubt {
		s += " ?"
	}
	if c.Confidence != 100 {
		s += fmt.Sprintf(" %%%d", c.Confidence)
	}
	for _, w := range c.Writers {
		s += " +" + string(w.Class)
	}
	return s
}

// dump is everything the graph says, as text.
func dump(g *Graph) string {
	var sb strings.Builder
	for _, e := range g.Edges() {
		fmt.Fprintln(&sb, describeEdge(e))
	}
	for _, c := range g.Classes() {
		for _, w := range g.Writers(c) {
			fmt.Fprintln(&sb, describeWriter(w))
		}
	}
	for _, c := range g.Cycles(Options{}) {
		fmt.Fprintln(&sb, describe(c))
		for _, e := range c.Edges {
			fmt.Fprintln(&sb, "   ", describeEdge(e))
		}
		for _, w := range c.Writers {
			fmt.Fprintln(&sb, "   ", describeWriter(w))
		}
	}
	return sb.String()
}
