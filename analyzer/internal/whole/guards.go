package whole

import (
	"cmp"
	"go/token"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A Guard is what is known of one field or package variable.
type Guard struct {
	Package   string         // import path
	Place     string         // "Type.field" or "variable"; its content, if that is guarded on its own, ends in "[]"
	Lock      string         // class of the lock that guards it; "" if none is known
	Declared  token.Position // of the comment that says so; not valid if the guard is inferred
	Held      int            // accesses that hold the lock
	Accesses  int            // all that can meet another
	Writes    int            // writes among them
	Functions int            // with accesses that hold the lock
	Missing   []token.Position
}

// An Order says that one lock is taken while another is held.
type Order struct {
	Held, Taken string // classes
	Function    string // that takes, or calls what takes
	At          token.Position
	Inverse     bool // the two are taken in the other order, too
}

// Guards returns the guards of the reported packages, and the orders of locks in them. With all set, places of which little is
// known are among them.
func Guards(prog *Program, res *Result, deps, all bool) ([]Guard, []Order) {
	var gs []Guard
	seen := map[string]bool{}
	pos := lockset.NewPositions(prog.Fset, nil, false)
	for _, p := range prog.Pkgs {
		if !p.reported(deps) || seen[p.PkgPath] {
			continue
		}
		seen[p.PkgPath] = true
		v := lockset.NewView(p.PkgPath, "", pos, nil)
		v.Engine = res.Engine
		t := v.Guards()
		for _, place := range t.Places {
			if g, ok := guardOf(prog, p.PkgPath, place, all); ok {
				gs = append(gs, g)
			}
		}
	}
	slices.SortStableFunc(gs, func(a, b Guard) int {
		return cmp.Or(cmp.Compare(a.Package, b.Package), cmp.Compare(a.Place, b.Place))
	})
	return gs, orders(res, seen)
}

// Undeclared returns, for the guards which a comment can declare, the fixes that do so, by position. Files of dependencies are
// left alone.
func Undeclared(prog *Program, res *Result) []report.Finding {
	var fs []report.Finding
	seen := map[string]bool{}
	pos := lockset.NewPositions(prog.Fset, nil, false)
	for _, p := range prog.Pkgs {
		if p.Initial && !seen[p.PkgPath] {
			seen[p.PkgPath] = true
			v := lockset.NewView(p.PkgPath, "", pos, nil)
			v.Engine = res.Engine
			fs = append(fs, v.Undeclared()...)
		}
	}
	report.Sort(fs)
	return fs
}

func guardOf(prog *Program, path string, p *guards.Place, all bool) (Guard, bool) {
	g := Guard{Package: path, Place: strings.TrimPrefix(p.Class, path+"."), Accesses: len(p.Sites)}
	for _, s := range p.Sites {
		if s.Op == access.Write {
			g.Writes++
		}
	}
	if g.Writes == 0 {
		return g, false
	}
	b := p.Guard
	known := b != nil && (b.Declared != nil || 2*b.Held >= b.Total && b.Writes > 0 && (b.Sibling || b.Held > 2 && b.Funcs > 1))
	if !known {
		return g, all
	}
	g.Lock, g.Functions = b.Class, b.Funcs
	if d := p.Guard.Declared; d != nil {
		g.Declared = prog.Fset.Position(d.Pos)
	}
	for _, s := range p.Sites {
		if !s.Holds(p.Guard.Class) {
			f := s.Frame()
			g.Missing = append(g.Missing, token.Position{Filename: f.File, Line: f.Line, Column: f.Col})
		}
	}
	slices.SortFunc(g.Missing, report.ComparePosn)
	g.Held = g.Accesses - len(g.Missing)
	return g, true
}

// orders returns one order for each pair of locks of which one is taken while the other is held, the first by position.
func orders(res *Result, reported map[string]bool) []Order {
	best := map[[2]string]lockgraph.Edge{}
	for path, s := range res.Engine.Sections(func(string, []lockgraph.Frame) bool { return false }) {
		if !reported[path] {
			continue
		}
		for _, e := range s.Edges {
			k := [2]string{string(e.From), string(e.To)}
			old, ok := best[k]
			if e.From != e.To && (!ok || compareWitness(e, old) < 0) {
				best[k] = e
			}
		}
	}
	var out []Order
	for k, e := range best {
		f := e.Acquire[0]
		_, inverse := best[[2]string{k[1], k[0]}]
		out = append(out, Order{Held: k[0], Taken: k[1], Function: f.Func, At: token.Position{Filename: f.File, Line: f.Line, Column: f.Col}, Inverse: inverse})
	}
	slices.SortFunc(out, func(a, b Order) int { return cmp.Or(cmp.Compare(a.Held, b.Held), cmp.Compare(a.Taken, b.Taken)) })
	return out
}

func compareWitness(a, b lockgraph.Edge) int {
	x, y := a.Acquire[0], b.Acquire[0]
	return cmp.Or(cmp.Compare(len(a.Acquire), len(b.Acquire)), cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Col, y.Col))
}
