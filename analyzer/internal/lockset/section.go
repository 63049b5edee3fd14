package lockset

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/solve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A Section is what one package contributes: its part of the order graph, and the
// summaries of the functions that importers may call.
type Section struct {
	Path    string
	Edges   []lockgraph.Edge
	Writers []lockgraph.Acquisition
	Funcs   map[string]*summary.Func // by effects.Func.Key
	// Requires has the classes of the locks that callers of exported functions must hold, by effects.Func.Key.
	Requires map[string][]string

	mu   sync.Mutex
	lazy []byte // encoded Funcs, not decoded yet
}

// Empty reports whether the section says nothing.
func (s *Section) Empty() bool {
	return len(s.Edges) == 0 && len(s.Writers) == 0 && len(s.Funcs) == 0 && len(s.Requires) == 0 && len(s.lazy) == 0
}

// Required returns the classes of the locks that callers of a function must hold.
func (s *Section) Required(key string) []string { return s.Requires[key] }

// orderCheck is the check whose directives silence an edge, before anybody can use it.
const orderCheck = "lockorder"

// Sections returns the section of every package that has analyzed functions, by
// import path. Suppressed reports whether a directive silences a witness.
func (e *Engine) Sections(suppressed func(check string, frames []lockgraph.Frame) bool) map[string]*Section {
	secs := map[string]*Section{}
	for i, fn := range e.Funcs {
		s := secs[fn.Unit.Path]
		if s == nil {
			s = &Section{Path: fn.Unit.Path, Funcs: map[string]*summary.Func{}}
			secs[s.Path] = s
		}
		if sum := e.Sums[i]; fn.Key != "" && sum != nil && !sum.Trivial() {
			s.Funcs[fn.Key] = sum
		}
		r := e.Results[i]
		if r == nil {
			continue
		}
		for k := range r.Edges {
			edge, ok := e.edge(i, &r.Edges[k])
			if !ok || suppressed(orderCheck, edge.Acquire) || suppressed(orderCheck, edge.Held) {
				continue
			}
			s.Edges = append(s.Edges, edge)
		}
		for k := range r.Writers {
			s.Writers = append(s.Writers, e.writer(i, &r.Writers[k]))
		}
	}
	for _, s := range secs {
		slices.SortFunc(s.Edges, compareEdges)
		slices.SortFunc(s.Writers, func(a, b lockgraph.Acquisition) int {
			return cmp.Or(cmp.Compare(a.Class, b.Class), report.CompareFrames(a.At, b.At))
		})
	}
	return secs
}

// edge turns an edge of one function into one of the graph. ok is false if one
// of its locks belongs to an object that nobody else has seen, whoever calls.
func (e *Engine) edge(i int, f *held.Edge) (lockgraph.Edge, bool) {
	ent := e.Entries[i]
	if f.FromParam >= 0 && f.FromParam < 64 && ent.Fresh&(1<<f.FromParam) != 0 ||
		f.ToParam >= 0 && f.ToParam < 64 && ent.Fresh&(1<<f.ToParam) != 0 {
		return lockgraph.Edge{}, false
	}
	from, to := f.From.Path, f.To.Path
	lent := func(param int) bool { return param >= 0 && param < 64 && ent.Lent&(1<<param) != 0 }
	if (from.Kind != to.Kind || from.Ref != to.Ref) && (lent(f.FromParam) || lent(f.ToParam)) {
		return lockgraph.Edge{}, false
	}
	gates := solve.Union(solve.Union(solve.Gates(f.Gates, from, to), ent.Held), e.Required(i, f.Released))
	gates = slices.DeleteFunc(gates, func(g lockgraph.Gate) bool {
		return string(g.Class) == from.Class || string(g.Class) == to.Class
	})
	edge := lockgraph.Edge{
		From: lockgraph.Class(from.Class), To: lockgraph.Class(to.Class),
		FromMode: f.From.Mode, ToMode: f.To.Mode,
		Link: graphLink(f.Link), Gates: gates, Confidence: confidence(f.Conf, f.To.Chain.Len+f.From.Chain.Len),
		Held: f.From.Chain.Frames(), Acquire: f.To.Chain.Frames(), Origin: f.Fn.Unit.Path,
	}
	edge.Thread = e.thread(i, from, to)
	return edge, true
}

// graphLink turns "+.next" and "-.next" into lockgraph's "next" and "^next".
func graphLink(link string) string {
	if link == "" {
		return ""
	}
	name := strings.TrimPrefix(strings.ReplaceAll(link[1:], "^", ""), ".")
	if link[0] == '-' {
		return lockgraph.InverseLink(name)
	}
	return name
}

// confidence lowers what long witnesses are worth: every frame past six.
func confidence(base, frames int) int {
	for range frames - 6 {
		base = base * 95 / 100
	}
	return max(1, base)
}

func (e *Engine) writer(i int, w *held.Writer) lockgraph.Acquisition {
	a := lockgraph.Acquisition{
		Class: lockgraph.Class(w.Lock.Class), Mode: lockgraph.Write,
		Held: solve.Union(solve.Gates(w.Held, w.Lock, w.Lock), e.Entries[i].Held),
		At:   w.Chain.Frames(), Origin: w.Fn.Unit.Path,
	}
	a.Held = slices.DeleteFunc(a.Held, func(g lockgraph.Gate) bool { return g.Class == a.Class })
	a.Thread = e.thread(i, w.Lock)
	return a
}

// thread names the one goroutine that runs the i-th function, as far as some locks are concerned; "" if there may be several. That of one
// object is alone only with the locks of the object.
func (e *Engine) thread(i int, locks ...ident.Path) string {
	fn := e.Funcs[i]
	t := e.Threads.Thread(fn)
	switch {
	case t == nil || t.Count == threads.Many:
		return ""
	case t.Count == threads.One:
		return t.Name()
	}
	for _, o := range e.Threads.Owns(fn) {
		if !slices.ContainsFunc(locks, func(p ident.Path) bool { return !o.Has(p) }) {
			return t.Name() + ", one for each object"
		}
	}
	return ""
}

func compareEdges(a, b lockgraph.Edge) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.FromMode, b.FromMode),
		cmp.Compare(a.ToMode, b.ToMode), report.CompareFrames(a.Acquire, b.Acquire), report.CompareFrames(a.Held, b.Held))
}
