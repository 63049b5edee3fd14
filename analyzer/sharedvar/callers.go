package sharedvar

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/objects"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// A goroutine that goes on when the function that has started it has returned runs beside whatever its callers do next: they call
// exported methods of the object that it works on, or exported functions. That is a race only if it is shown that these are
// meant to be called while it runs, and not before it starts or when it has ended:
//
//   - it writes again and again, and tells nobody between two rounds: who calls meanwhile reads what is being written;
//   - it reads again and again to decide whether to go on, and the other side writes: what is written is meant for it.

// A lasting is an access by a goroutine that goes on, to an object that callers have, or to a package variable.
type lasting struct {
	side
	of    *objects.Object
	scope *threads.Scope
	start *threads.Run
	flag  bool // it decides by what it reads whether to go on
}

// owner is by what callers have an object: its type, or the class of the package variable that it is, or of its home.
type owner struct {
	typ   *effects.Type
	class string
}

func ownersOf(o *objects.Object) []owner {
	var out []owner
	if in := o.In.At(o.At); in.Op == effects.Global {
		out = append(out, owner{class: in.Class})
	} else if t := o.Struct(); t != nil && in.Op != effects.Load {
		out = append(out, owner{typ: t})
	}
	for _, h := range o.Homes {
		out = append(out, owner{class: "in " + h})
	}
	return out
}

// remain returns the accesses of one object by goroutines that go on.
func (f *finder) remain(o *objects.Object) []lasting {
	own := ownersOf(o)
	if len(own) == 0 || own[0].typ != nil && o.In != f.scope.Members[0] || o.Copied || len(o.Sites) > maxSites || o.In.Op(o.At) == effects.Alloc && !o.Leaks {
		return nil
	}
	var out []lasting
	for _, a := range o.Sites {
		if a.Loose || o.IsAtomic(a.Place) {
			continue
		}
		for _, way := range o.Ways(f.scope, a) {
			s := side{a, threads.Point{Spot: a.Spot, Way: way, When: a.When}}
			k := s.Start(0)
			if k < 0 || s.Start(k+1) >= 0 || way[k].Kind != threads.Go && way[k].Kind != threads.Group || !f.scope.Possible(s.Point) || !f.scope.Repeats(s.Point) {
				continue
			}
			l := lasting{side: s, of: o, scope: f.scope, start: way[k], flag: !a.Write && ends(a.Fn, a.V, 0)}
			if (l.flag || a.Write && len(f.scope.TellsEachRound(s.Point, o.In, o.At)) == 0) && f.outlives(s) {
				out = append(out, l)
			}
		}
	}
	return out
}

// ends reports whether a loop ends by what an instruction in it reads.
func ends(fn *effects.Func, v effects.V, depth int) bool {
	if depth > 5 {
		return false
	}
	g := fn.Graph()
	return slices.ContainsFunc(fn.Uses(v), func(u effects.V) bool {
		switch in := fn.At(u); in.Op {
		case effects.If:
			return g.Loop[in.Block] && slices.ContainsFunc(fn.Blocks[in.Block].Succs, func(to int32) bool { return g.Comp[to] != g.Comp[in.Block] })
		case effects.Compare, effects.Not, effects.Phi, effects.Opaque:
			return ends(fn, u, depth+1)
		}
		return false
	})
}

// outlives reports whether a function can return while the goroutine of a side goes on.
func (f *finder) outlives(s side) bool {
	top := f.scope.Members[0]
	found := false
	top.Returns(func(ret effects.V) {
		m := f.scope.Meet(s.Point, threads.Point{Spot: threads.Spot{Fn: top, V: ret}}, 0)
		found = found || m.Chance == threads.Always
	})
	return found
}

// besides returns the races of goroutines that go on with what exported functions do, and those of exported functions with each other on
// what they find behind an atomic pointer, which is there so that anybody may have it.
func besides(in *input, fns []*effects.Func, all []lasting) []race {
	of := map[owner][]lasting{}
	for _, l := range all {
		for _, own := range ownersOf(l.of) {
			of[own] = append(of[own], l)
		}
	}
	var out []race
	var found []lasting
	for _, fn := range fns {
		if fn.Test || !fn.Exported || fn.Parent != nil || fn.Unit.Name == "main" || len(of) == 0 && !in.loads(fn) {
			continue
		}
		scope := in.threads.Scope(fn)
		os := objects.Globals(scope, in.facts)
		if o := objects.Receiver(scope, in.facts); o != nil {
			os = append(os, o)
		}
		f := &finder{in, scope}
		for _, o := range append(os, objects.Found(scope, in.facts)...) {
			for _, own := range ownersOf(o) {
				if ls := of[own]; len(ls) > 0 {
					out = append(out, f.beside(o, ls)...)
				}
			}
			if len(o.Homes) == 1 && !strings.HasSuffix(o.Homes[0], "[]") {
				found = append(found, f.inPlace(o)...)
			}
		}
	}
	return append(out, in.amongFinders(found)...)
}

// loads reports whether a function, or one that it may call in its package, loads an atomic pointer.
func (in *input) loads(fn *effects.Func) bool {
	if in.loading == nil {
		in.loading = map[*effects.Unit]bool{}
	}
	has, ok := in.loading[fn.Unit]
	if !ok {
		for _, f := range fn.Unit.Funcs {
			for v := f.First; int(v) < len(f.Code) && !has; v++ {
				x := f.At(v)
				has = x.Op == effects.Atomic && x.Sym == "Load" && x.Type != nil && x.Type.Kind == effects.Pointer
			}
		}
		in.loading[fn.Unit] = has
	}
	return has
}

// inPlace returns the accesses of an exported function, outside of goroutines, to what it has found.
func (f *finder) inPlace(o *objects.Object) []lasting {
	var out []lasting
	for _, a := range o.Sites {
		if a.Loose || o.IsAtomic(a.Place) {
			continue
		}
		for _, way := range o.Ways(f.scope, a) {
			s := side{a, threads.Point{Spot: a.Spot, Way: way, When: a.When}}
			if s.Start(0) < 0 && f.scope.Possible(s.Point) {
				out = append(out, lasting{side: s, of: o, scope: f.scope})
			}
		}
	}
	return out
}

// amongFinders returns the races of exported functions that have an object by one home, one for each write.
func (in *input) amongFinders(all []lasting) []race {
	var out []race
	for i := range all {
		w := &all[i]
		if !w.Write {
			continue
		}
		f := &finder{in, w.scope}
		var best *lasting
		for k := range all {
			o := &all[k]
			if o.of.Homes[0] != w.of.Homes[0] || !o.Place.Overlaps(w.Place) || f.locked(w.side, o.side) {
				continue
			}
			if f.scope.Chosen(w.Point) || o.scope.Chosen(o.Point) {
				continue
			}
			if best == nil || !o.Write && best.Write { // a reader shows it best
				best = o
			}
		}
		if best != nil {
			out = append(out, race{of: w.of, who: finders, x: best.side, y: w.side, confidence: weights[threads.Always]})
		}
	}
	return out
}

// beside returns the races of what an exported function does with an object with what goroutines do that go on.
func (f *finder) beside(o *objects.Object, ls []lasting) []race {
	type cause struct {
		part  objects.Place
		start threads.Spot
	}
	best := map[cause]*race{}
	for _, l := range ls {
		if l.scope.Members[0].ID == f.scope.Members[0].ID || f.starts(l.start.Fn) {
			continue
		}
		for _, a := range o.Sites {
			if a.Loose || o.IsAtomic(a.Place) || !a.Write && !l.Write || l.flag && !a.Write || !a.Place.Overlaps(l.Place) {
				continue
			}
			for _, way := range o.Ways(f.scope, a) {
				y := side{a, threads.Point{Spot: a.Spot, Way: way, When: a.When}}
				if y.Start(0) >= 0 || !f.scope.Possible(y.Point) || f.locked(l.side, y) || f.ordered(&l, o, y) {
					continue
				}
				r := &race{of: l.of, who: callers, x: l.side, y: y, start: l.start, confidence: weights[threads.Always]}
				c := cause{a.Place.Part(), l.start.Site}
				if old := best[c]; old == nil || better(r, old) {
					best[c] = r
				}
			}
		}
	}
	var out []race
	for _, r := range best {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b race) int {
		return cmp.Or(compare(a.y.Access.Spot, b.y.Access.Spot), compare(a.x.Access.Spot, b.x.Access.Spot))
	})
	return out
}

// starts reports whether the function itself starts such a goroutine.
func (f *finder) starts(fn *effects.Func) bool {
	for _, m := range f.scope.Members {
		if m.ID == fn.ID {
			return true
		}
	}
	return false
}

// ordered reports whether an exported function waits for a goroutine before it comes to a point, or the goroutine for what that
// function tells afterwards.
func (f *finder) ordered(l *lasting, o *objects.Object, y side) bool {
	at := func(o *objects.Object) effects.V {
		if o.In.Op(o.At) == effects.Global {
			return 0
		}
		return o.At
	}
	told := l.scope.Tells(l.Point, l.of.In, at(l.of))
	awaits := l.scope.Awaits(l.Point, l.of.In, at(l.of))
	return threads.Meets(told, f.scope.Awaits(y.Point, o.In, at(o))) || threads.Meets(f.scope.Tells(y.Point, o.In, at(o)), awaits)
}
