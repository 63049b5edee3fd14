package lockset

import (
	"cmp"
	"go/types"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
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
	Funcs   map[string]*summary.Func // by FuncKey
	// Requires has the classes of the locks that callers of exported functions must hold, by FuncKey.
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

// FuncKey returns the name by which other packages look a function up.
func FuncKey(fn *ssa.Function) string {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	if fn.Parent() != nil {
		return ""
	}
	if o, ok := fn.Object().(*types.Func); ok && fn.Synthetic == "" || ok && strings.HasPrefix(fn.Synthetic, "from type information") {
		return o.Origin().FullName()
	}
	return ""
}

// Sections returns the section of every package that has analyzed functions, by
// import path. Suppressed reports whether a directive silences a witness.
func (e *Engine) Sections(suppressed func(check string, frames []lockgraph.Frame) bool) map[string]*Section {
	secs := map[string]*Section{}
	at := func(fn *ssa.Function) *Section {
		path := flow.PackageOf(fn)
		if secs[path] == nil {
			secs[path] = &Section{Path: path, Funcs: map[string]*summary.Func{}}
		}
		return secs[path]
	}
	for i, fn := range e.funcs {
		s := at(fn)
		if key := FuncKey(fn); key != "" && e.importable(fn) {
			if sum := e.Summary(fn); sum != nil && !sum.Trivial() {
				s.Funcs[key] = sum
			}
		}
		r := e.prog.Results[i]
		if r == nil {
			continue
		}
		for k := range r.Edges {
			edge, ok := e.edge(i, &r.Edges[k])
			if !ok || suppressed("lockorder", edge.Acquire) || suppressed("lockorder", edge.Held) {
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

// importable reports whether another package can call fn.
func (e *Engine) importable(fn *ssa.Function) bool {
	o, ok := fn.Object().(*types.Func)
	return ok && o.Exported()
}

// edge turns an edge of one function into one of the graph. ok is false if one
// of its locks belongs to an object that nobody else has seen, whoever calls.
func (e *Engine) edge(i int, f *held.Edge) (lockgraph.Edge, bool) {
	ent := e.prog.Entries[i]
	if f.FromParam >= 0 && f.FromParam < 64 && ent.Fresh&(1<<f.FromParam) != 0 ||
		f.ToParam >= 0 && f.ToParam < 64 && ent.Fresh&(1<<f.ToParam) != 0 {
		return lockgraph.Edge{}, false
	}
	from, to := f.From.Path, f.To.Path
	lent := func(param int) bool { return param >= 0 && param < 64 && ent.Lent&(1<<param) != 0 }
	if (from.Kind != to.Kind || from.Ref != to.Ref) && (lent(f.FromParam) || lent(f.ToParam)) {
		return lockgraph.Edge{}, false
	}
	gates := solve.Union(solve.Union(solve.Gates(f.Gates, from, to), ent.Held), e.prog.Required(i, f.Released))
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
	if link == "" || link == lockgraph.AnyOrder {
		return link
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
		Held: solve.Union(solve.Gates(w.Held, w.Lock, w.Lock), e.prog.Entries[i].Held),
		At:   w.Chain.Frames(), Origin: w.Fn.Unit.Path,
	}
	a.Held = slices.DeleteFunc(a.Held, func(g lockgraph.Gate) bool { return g.Class == a.Class })
	a.Thread = e.thread(i, w.Lock)
	return a
}

// thread names the one goroutine that runs the i-th function, as far as some locks are concerned; "" if there may be several. That of one
// object is alone only with the locks of the object.
func (e *Engine) thread(i int, locks ...ident.Path) string {
	fn := e.prog.Funcs[i]
	t := e.threads.Thread(fn)
	switch {
	case t == nil || t.Count == threads.Many:
		return ""
	case t.Count == threads.One:
		return t.Name()
	}
	for _, o := range e.threads.Owns(fn) {
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
