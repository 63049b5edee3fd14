package chanleak

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// A search looks for a way through a function, from one instruction to the end of the function, that passes none of some instructions. Two tests of one
// condition fit together on it.
type search struct {
	view  *resolve.Func
	fn    *effects.Func
	stops map[V]bool            // no way passes these
	edges map[effects.Edge]bool // no way takes these
	over  map[V]bool            // a way that comes here has come to an end, too
	count map[V]bool            // these are counted

	steps int
	arms  map[effects.Edge]arm // edges of cases of selects
	seen  map[string]bool
	found *path
}

// An arm is a case of a select, counted from 1.
type arm struct {
	sel   V
	which int
}

// A path is a way that was found.
type path struct {
	end   V     // where it ends
	arms  []arm // cases that it takes
	tests []V   // conditions that its branches test
	count int   // so many of those that are counted it passes
}

// A fact is what is known of a condition. Conditions on one place in memory are one.
type fact struct {
	v    V // that is tested; 0 if it was read from memory
	text string
}

// maxSteps bounds one search, in blocks. What it leaves open counts as no way.
const maxSteps = 2000

// newSearch prepares a search in a function.
func (c *checker) newSearch(fn *effects.Func) *search {
	s := &search{view: c.view(fn), fn: fn, stops: map[V]bool{}, edges: map[effects.Edge]bool{}, over: map[V]bool{}, arms: map[effects.Edge]arm{}}
	for i := range fn.Code {
		for k := 1; fn.Op(V(i)) == effects.Select && 2*k <= len(fn.At(V(i)).Args); k++ {
			if e, ok := fn.CaseEdge(V(i), k); ok {
				s.arms[e] = arm{V(i), k}
			}
		}
	}
	return s
}

// stop lets no way pass an operation, or the case of a select that it is.
func (s *search) stop(v V, which int) {
	if which > 0 {
		if e, ok := s.fn.CaseEdge(v, which); ok {
			s.edges[e] = true
			return
		}
	}
	s.stops[v] = true
}

// from returns a way that starts behind an instruction, or at the entry for 0; nil if there is none.
func (s *search) from(v V) *path {
	s.seen, s.steps, s.found = map[string]bool{}, 0, nil
	if len(s.fn.Blocks) == 0 {
		return nil
	}
	known := map[fact]bool{}
	b, at := int32(0), s.fn.Blocks[0].First
	if v != 0 {
		b, at = s.fn.At(v).Block, v+1
		for c, holds := range s.fn.Given(b) {
			known[s.fact(c)] = holds
		}
	}
	s.block(b, at, known, path{})
	return s.found
}

func (s *search) fact(c effects.Condition) fact {
	if s.fn.Op(c.Value) == effects.Load {
		p := s.view.Path(nil, s.fn.At(c.Value).Args[0])
		return fact{0, fmt.Sprint(p.Kind, p.Ref, p.Steps, c.Equals)}
	}
	return fact{c.Value, c.Equals}
}

func (s *search) block(b int32, at V, known map[fact]bool, p path) {
	if s.steps++; s.steps > maxSteps || s.found != nil {
		return
	}
	last := s.fn.Blocks[b].Last
	for v := at; v <= last; v++ {
		switch in := s.fn.At(v); {
		case s.stops[v]:
			return
		case s.over[v], in.Op == effects.Return && int(b) != s.fn.Recover:
			p.end = v
			s.found = &p
			return
		case in.Op == effects.Panic, in.Op == effects.Return, in.Flags&effects.NoReturn != 0 && in.Op.Calls():
			return
		case s.count[v]:
			p.count++
		}
	}
	for i, to := range s.fn.Blocks[b].Succs {
		if next, q, ok := s.edge(b, to, i == 0, known, p); ok {
			s.block(to, s.fn.Blocks[to].First, next, q)
		}
	}
}

// edge goes on behind a block, if that fits to what is known, and has not been tried.
func (s *search) edge(b, to int32, taken bool, known map[fact]bool, p path) (map[fact]bool, path, bool) {
	e := effects.Edge{From: b, To: to}
	if s.edges[e] {
		return nil, p, false
	}
	next := maps.Clone(known)
	if br := s.fn.At(s.fn.Blocks[b].Last); br.Op == effects.If && s.fn.Blocks[b].Succs[0] != s.fn.Blocks[b].Succs[1] {
		cond, holds := s.fn.ConditionOf(br.Args[0], taken)
		k := s.fact(cond)
		if was, ok := known[k]; ok && was != holds {
			return nil, p, false
		}
		next[k] = holds
		if a, ok := s.arms[e]; ok {
			p.arms = append(slices.Clip(p.arms), a)
		} else if !s.chooses(br.Args[0]) {
			p.tests = append(slices.Clip(p.tests), br.Args[0])
		}
	}
	var state []string
	for f, holds := range next {
		if f.v != 0 && s.fn.At(f.v).Block == to {
			delete(next, f) // it is computed anew
			continue
		}
		state = append(state, fmt.Sprint(f, holds))
	}
	slices.Sort(state)
	key := fmt.Sprint(to) + strings.Join(state, ";")
	if s.seen[key] {
		return nil, p, false
	}
	s.seen[key] = true
	return next, p, true
}

// chooses reports whether a condition asks which case of a select was chosen.
func (s *search) chooses(v V) bool {
	in := s.fn.At(v)
	if in.Op != effects.Compare {
		return false
	}
	ex := s.fn.At(in.Args[0])
	return ex.Op == effects.Extract && ex.Index == 0 && s.fn.Op(ex.Args[0]) == effects.Select
}
