package guards

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Input is one package.
type Input struct {
	Path  string // import path
	Funcs []*effects.Func
	Facts *resolve.Facts

	// Result returns what the walk of a function found, nil if it was not walked.
	Result func(*effects.Func) *held.Result
	// Requires returns the classes of the locks that callers of a function of another package must hold.
	Requires func(pkg, key string) []string

	Fset  *token.FileSet
	Files []*ast.File // of the package, for their comments
}

// A Table is what was found about the places of one package.
type Table struct {
	Places []*Place // sorted by class
	Roots  []Root

	// Requires has, for exported functions that say that their callers must hold a lock, the classes of the
	// locks which guard what they touch.
	Requires map[*effects.Func][]string

	a *analysis

	once  sync.Once
	found []Violation
}

// A Place is a field, a package variable, or the content of one.
type Place struct {
	Class string
	Guard *Guard // nil if nothing is known to guard it
	Sites []*Site

	Escapes []*Escape // of a place that is the content of another
}

// A Site is an access to a place, by the line.
type Site struct {
	access.Access
	Scenes  []Situation // without those in which nobody else can see the object
	Some    []string    // classes of the locks that the function holds there on some paths
	Takes   []string    // classes of the locks that the function takes somewhere
	Signals []string    // classes of the WaitGroups and channels by which the function signals (Done, close, send)
	Awaited []string    // classes of the WaitGroups and channels for which it has waited before, on every way
	Closed  []string    // classes of the channels that it has closed before, on every way
	Behind  []string    // classes of locks that the function has taken and released before, on every way
}

// Frame returns the witness step of the access.
func (s *Site) Frame() lockgraph.Frame { return FrameAt(s.Fn, s.Pos) }

// A Situation is a scene of an access.
type Situation struct {
	Held     []lockgraph.Gate
	Any      bool
	Roots    []int
	Root     int // where Via starts
	Via      *Link
	Conf     int
	Weak     bool
	Behind   []string        // classes of locks that callers have taken and released before
	Awaited  []string        // classes of the announced channels that callers have waited for before
	Contract bool            // run by who has to hold what is required
	Pass     []*effects.Func // functions that all ways to the access pass through
	Calls    int             // how many calls enter the function so; 1 of a root
}

// Holds returns how a class is held in the situation.
func (s *Situation) Holds(class string) (lockgraph.Mode, bool) {
	if s.Any {
		return lockgraph.Write, true
	}
	for _, g := range s.Held {
		if string(g.Class) == class {
			return g.Mode, true
		}
	}
	return 0, false
}

// covers reports whether a class is held in the way that an access asks for: to write if it writes.
func (s *Situation) covers(class string, op access.Op) bool {
	m, ok := s.Holds(class)
	return ok && (m == lockgraph.Write || op != access.Write)
}

// situation returns what is so in the scene at an instruction with these locks.
func (s *scene) situation(locks *held.Locks) Situation {
	held, any := s.with(locks)
	return Situation{Held: held, Any: any, Roots: s.roots, Root: s.root, Via: s.via, Conf: s.conf, Weak: s.weak, Pass: s.pass, Contract: s.contract, Awaited: s.awaited, Calls: max(1, len(s.calls))}
}

// Analyze finds the places of a package, their guards and their accesses.
func Analyze(in *Input) *Table {
	a := &analysis{
		Input: in, of: map[*effects.Func]*function{}, places: map[string]*Place{}, escapes: map[string][]*Escape{}, leaks: map[string][]access.Access{},
		hidden: map[string]bool{}, structs: map[string]*structInfo{}, announced: map[string]bool{},
		made: map[string]bool{}, lent: map[string]bool{}, setUp: map[*effects.Func][]string{},
		views: threads.NewViews(in.Facts),
	}
	for _, fn := range in.Funcs {
		a.main = a.main || fn.Unit.Name == "main"
		a.unit = fn.Unit
		if !fn.Test {
			f := &function{fn: fn, result: in.Result(fn), views: a.views}
			a.of[fn] = f
			a.funcs = append(a.funcs, f)
		}
	}
	if len(in.Funcs) == 0 {
		return &Table{a: a}
	}
	a.syntax()
	a.learn()
	a.findRoots()
	a.spread()
	a.collect()
	t := &Table{Roots: a.roots, a: a, Requires: map[*effects.Func][]string{}}
	for _, class := range slices.Sorted(maps.Keys(a.places)) {
		for _, p := range a.places[class].split() {
			p.Escapes = a.escapes[class]
			a.believe(p)
			t.Places = append(t.Places, p)
			a.require(p, t.Requires)
		}
	}
	return t
}

// require notes what functions with a contract require, and takes their scenes away.
func (a *analysis) require(p *Place, req map[*effects.Func][]string) {
	for _, s := range p.Sites {
		s.Scenes = slices.DeleteFunc(s.Scenes, func(x Situation) bool {
			r := &a.roots[x.Root]
			if r.Kind != Contract {
				return false
			}
			if g := p.Guard; g != nil && s.Op != access.Atomic && slices.ContainsFunc(p.Sites, func(o *Site) bool { return o.Op == access.Write }) {
				if _, held := x.Holds(g.Class); !held && !slices.Contains(req[r.Fn], g.Class) && 2*g.Held >= g.Total && g.Held > 1 {
					req[r.Fn] = append(req[r.Fn], g.Class)
					slices.Sort(req[r.Fn])
				}
			}
			return true
		})
	}
	p.Sites = slices.DeleteFunc(p.Sites, func(s *Site) bool { return len(s.Scenes) == 0 })
}

type analysis struct {
	*Input
	views *threads.Views
	unit  *effects.Unit
	main  bool
	funcs []*function // without those of tests
	of    map[*effects.Func]*function
	roots []Root
	work  []*function // see spread

	places  map[string]*Place
	escapes map[string][]*Escape       // by class
	leaks   map[string][]access.Access // by class: where the address of a place goes to what is not followed
	hidden  map[string]bool            // classes with accesses of which not all scenes are known

	made  map[string]bool            // classes of the places that a new object gets a value for, other than nil
	setUp map[*effects.Func][]string // see setsUp
	lent  map[string]bool            // classes of the locks that exported functions return with

	announced map[string]bool // classes of channels that are closed when something is complete, and not sent to
	structs   map[string]*structInfo
	docs      map[lockgraph.Frame]string // comments of functions, by position of the name
}

// A function is what is known of a function of the package.
type function struct {
	fn     *effects.Func
	views  *threads.Views
	result *held.Result // nil if it was not walked

	uses   []Use // of other functions
	users  []*function
	scenes []*scene
	queued bool
	tells  []string               // classes by which it signals
	takes  map[string][]effects.V // class of a lock -> where it is certainly taken
	passed map[effects.V][]string // see passedAt
}

// view returns the function in view of the program.
func (f *function) view() *threads.View { return f.views.Of(f.fn) }

// locks returns the locks at an instruction; reached is false if no path comes there.
func (f *function) locks(at effects.V) (_ *held.Locks, reached bool) {
	if f.result == nil || f.result.Summary.Truncated {
		return nil, f.result == nil
	}
	l := f.result.Locks[at]
	if l == nil {
		return nil, false
	}
	for _, c := range held.Required(f.result.Summary) {
		if _, gone := slices.BinarySearch(l.Released, c); !gone && !l.Holds(c) {
			n := *l
			n.Held = append(slices.Clone(l.Held), lockgraph.Gate{Class: lockgraph.Class(c)})
			l = &n
		}
	}
	return l, true
}

// learn looks at each function once.
func (a *analysis) learn() {
	for _, f := range a.funcs {
		f.tells, f.takes = f.view().Tells(), f.view().Takes()
		uses(f.view(), func(u Use) {
			if f.fn.Made && strings.HasSuffix(Frame(u.Site).File, "_test.go") {
				return // in the initializer of the package
			}
			f.uses = append(f.uses, u)
			if callee := a.of[u.Fn]; callee != nil && !slices.Contains(callee.users, f) {
				callee.users = append(callee.users, f)
			}
		})
	}
	a.announce()
	a.lend()
}

// collect gathers the accesses, those of one line and kind as one.
func (a *analysis) collect() {
	type key struct {
		line  effects.Pos
		fn    *effects.Func
		class string
		param int // whose field it is
		free  int
		local access.Local
	}
	seen := map[key]*Site{}
	owned := access.Owned(a.unit)
	for _, f := range a.funcs {
		unsure := f.unsure()
		if len(f.scenes) == 0 && !unsure {
			continue
		}
		own := func(x access.Access) bool { return !x.Fresh && strings.HasPrefix(x.Class, a.Path+".") }
		leak := func(x access.Access) {
			if own(x) {
				a.leaks[x.Class] = append(a.leaks[x.Class], x)
			}
		}
		access.Of(f.view(), access.Scope{Structs: owned, Leak: leak, Escape: a.escape}, func(x access.Access) {
			if !own(x) {
				a.made[x.Class] = a.made[x.Class] || x.Fresh && x.Op == access.Write && !clears(&Site{Access: x})
				return
			}
			if unsure {
				a.hidden[x.Class] = true
			}
			if len(f.scenes) == 0 {
				return
			}
			s := a.site(x)
			if s == nil {
				return
			}
			k := key{effects.Pos{File: x.Pos.File, Line: x.Pos.Line}, f.fn, x.Class, x.Param, x.Free, x.Local}
			if old := seen[k]; old != nil { // n++ reads and writes
				if old.Op == access.Read {
					old.Op = x.Op
				}
				return
			}
			seen[k] = s
			if len(s.Scenes) == 0 {
				return
			}
			p := a.places[x.Class]
			if p == nil {
				p = &Place{Class: x.Class}
				a.places[x.Class] = p
			}
			p.Sites = append(p.Sites, s)
		})
	}
}

// unsure reports whether not all is known of how a function runs, or of the locks in it.
func (f *function) unsure() bool {
	if f.result != nil && f.result.Summary.Truncated {
		return true
	}
	n := len(f.scenes)
	return n >= maxScenes || n == 0 && slices.ContainsFunc(f.users, func(by *function) bool { return len(by.scenes) > 0 })
}

// site returns an access with its scenes, nil if no path comes there.
func (a *analysis) site(x access.Access) *Site {
	f := a.of[x.Fn]
	locks, reached := f.locks(x.V)
	if !reached {
		return nil
	}
	s := &Site{Access: x}
	if locks != nil {
		s.Some = locks.Some
	}
	s.Takes, s.Behind = f.taken(x.V)
	s.Awaited, s.Signals, s.Closed = f.view().Awaited(x.V), a.signals(f), f.view().Closed(x.V)
	for _, sc := range f.scenes {
		if s.newIn(sc) || a.initOnly(sc) {
			continue
		}
		sit := sc.situation(locks)
		for l := sc.via; l != nil; l = l.Up {
			if l.Kind != Started {
				_, behind := a.of[l.Site.Fn].taken(l.Site.V)
				sit.Behind = append(sit.Behind, behind...)
			}
		}
		s.Scenes = append(s.Scenes, sit)
	}
	return s
}

// newIn reports whether the object of a site is new in a scene.
func (s *Site) newIn(sc *scene) bool { return has(sc.fresh, s.Param) || has(sc.free, s.Free) }

// initOnly reports whether a scene is of the initialization of the package only.
func (a *analysis) initOnly(s *scene) bool {
	return !slices.ContainsFunc(s.roots, func(r int) bool { return a.roots[r].Kind != Init })
}

// Holds reports whether a site holds a class in all its scenes, to write if it writes.
func (s *Site) Holds(class string) bool {
	return !slices.ContainsFunc(s.Scenes, func(x Situation) bool { return !x.Contract && !x.covers(class, s.Op) })
}
