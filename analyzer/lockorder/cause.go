package lockorder

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A found cycle is one with its finding.
type found struct {
	report.Finding
	edges []lockgraph.Edge
	in    view
}

// A cause is a call under a lock, or a place where a second lock is taken: whatever is locked there in the wrong order, it is one mistake.
type cause struct {
	held lockgraph.Class
	at   lockgraph.Frame
}

func causeOf(e lockgraph.Edge) cause { return cause{e.From, e.Acquire[0]} }

// causes joins the findings that have a cause in common: the surest stands for all, and tells of the others. A finding with several causes
// goes with the one that most share.
func causes(fs []found) []report.Finding {
	count := map[cause]int{}
	for i := range fs {
		for c := range fs[i].causes() {
			count[c]++
		}
	}
	groups := map[cause][]*found{}
	var out []report.Finding
	for i := range fs {
		f := &fs[i]
		best, n := cause{}, 1
		for _, e := range f.edges {
			c := causeOf(e)
			if m := count[c]; m > n || m == n && m > 1 && report.CompareFrames([]lockgraph.Frame{c.at}, []lockgraph.Frame{best.at}) < 0 {
				best, n = c, m
			}
		}
		if n == 1 {
			out = append(out, f.Finding)
			continue
		}
		groups[best] = append(groups[best], f)
	}
	for c, g := range groups {
		out = append(out, join(c, g))
	}
	slices.SortStableFunc(out, func(a, b report.Finding) int {
		return cmp.Or(cmp.Compare(a.Posn.Filename, b.Posn.Filename), cmp.Compare(a.Posn.Line, b.Posn.Line), cmp.Compare(a.Posn.Column, b.Posn.Column), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return out
}

func (f *found) causes() map[cause]bool {
	cs := map[cause]bool{}
	for _, e := range f.edges {
		cs[causeOf(e)] = true
	}
	return cs
}

// join makes one finding of those with one cause.
func join(c cause, g []*found) report.Finding {
	slices.SortFunc(g, func(a, b *found) int {
		return cmp.Or(-cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(len(a.edges), len(b.edges)), cmp.Compare(len(a.Steps), len(b.Steps)), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	first := g[0]
	for _, f := range g[1:] {
		i := slices.IndexFunc(f.edges, func(e lockgraph.Edge) bool { return causeOf(e) == c })
		edges := slices.Concat(f.edges[i:], f.edges[:i])
		own, other := edges[0], edges[len(edges)-1]
		v := first.in
		also := fmt.Sprintf("the same cause: at %s %s is %s, too, while %s is %s", report.At(own.Acquire[len(own.Acquire)-1]),
			v.lock(own.To), report.Locked(own.ToMode), v.lock(own.From), report.Held(own.FromMode))
		if len(edges) > 1 {
			also += fmt.Sprintf("; here %s is %s while %s is %s", v.lock(other.To), report.Locked(other.ToMode), v.lock(other.From), report.Held(other.FromMode))
		}
		first.Covers = append(first.Covers, f.Fingerprint)
		v.AddSteps(&first.Finding, []report.TraceStep{{Frame: other.Acquire[0], Message: also}})
	}
	return first.Finding
}
