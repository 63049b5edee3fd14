package guards

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A RootKind is how something comes to run that no call in the package explains.
type RootKind uint8

const (
	Exported  RootKind = iota // called from other packages, by any number of goroutines
	Goroutine                 // started by a go statement or the like
	Callback                  // a function value that is kept somewhere
	Main                      // main.main
	Init                      // init and the initializers of variables
	Contract                  // called from other packages by who holds what it requires
)

// A Root is where a thread of execution enters the package.
type Root struct {
	Kind    RootKind
	Fn      *effects.Func
	Site    threads.Spot // of Goroutine and Callback: where it is started or kept
	Signals []string     // Goroutine: classes of the WaitGroups and channels by which it signals
	Serves  bool         // it handles HTTP requests
	Many    bool         // more than one may run at the same time
}

// A Link is one step of the chain from a root to a function.
type Link struct {
	Use
	Up  *Link
	Len int
}

// A scene is one way in which a function comes to run.
type scene struct {
	held     []lockgraph.Gate // by callers, sorted by class
	any      bool             // callers hold a lock whose class is not known
	roots    []int            // sorted; at most maxRoots
	fresh    uint64           // parameters whose object nobody else has seen
	free     uint64           // captured variables likewise
	via      *Link            // the shortest chain
	pass     []*effects.Func  // declared functions that all chains pass through
	root     int              // at its start
	conf     int
	contract bool     // from a root of kind Contract
	weak     bool     // a function value on the way may be called at another time
	awaited  []string // classes of the announced channels that callers have waited for, sorted

	calls []threads.Spot // by which it is entered; at most maxCalls
}

const (
	maxScenes = 16 // of one function; more are not looked at
	maxRoots  = 8  // of one scene
	maxChain  = 8
	maxCalls  = 32 // of one scene that are told apart
	maxSteps  = 200_000
)

// like reports whether two scenes differ by nothing but who runs the function, and by which way.
func (s *scene) like(o *scene) bool {
	return s.any == o.any && s.fresh == o.fresh && s.free == o.free && s.weak == o.weak && s.contract == o.contract &&
		slices.Equal(s.held, o.held) && slices.Equal(s.awaited, o.awaited)
}

// findRoots finds how the functions come to run that no call explains.
func (a *analysis) findRoots() {
	for _, f := range a.funcs {
		fn := f.fn
		switch kind, ok := a.entryKind(f); {
		case !ok && a.contract(fn):
			a.enter(Root{Kind: Contract, Fn: fn}, &scene{contract: true})
		case !ok:
		case kind == Exported:
			a.enter(Root{Kind: kind, Fn: fn, Many: true, Serves: fn.Serves() && baseName(fn) == "ServeHTTP"}, &scene{})
		default:
			a.enter(Root{Kind: kind, Fn: fn}, &scene{})
		}
		for i := range f.uses {
			u := &f.uses[i]
			callee := a.of[u.Fn]
			if callee == nil {
				continue
			}
			serves := u.Fn.Serves()
			r := Root{Kind: Callback, Fn: u.Fn, Site: u.Site, Many: serves, Serves: serves}
			switch {
			case u.Kind == Started:
				r.Kind, r.Many, r.Signals = Goroutine, u.Loop || serves, a.signals(callee)
				a.enter(r, &scene{conf: u.Conf, via: &Link{Use: *u, Len: 1}, pass: []*effects.Func{fn.Outermost()}, awaited: a.passedAt(f, u.Site.V)})
			case u.Kind == Kept:
				a.enter(r, &scene{weak: !serves})
			case u.Kind == Handed && serves:
				a.enter(r, &scene{})
			}
		}
	}
}

// enter adds a root, and the scene in which its function runs.
func (a *analysis) enter(r Root, s *scene) {
	s.root = len(a.roots)
	s.roots = []int{s.root}
	if s.conf == 0 {
		s.conf = 100
	}
	a.roots = append(a.roots, r)
	a.add(a.of[r.Fn], s)
}

// add adds a scene to a function; if there is one like it, that gets its roots.
func (a *analysis) add(f *function, s *scene) {
	i := slices.IndexFunc(f.scenes, s.like)
	switch {
	case i >= 0:
		if !f.scenes[i].merge(s) {
			return
		}
	case len(f.scenes) >= maxScenes:
		return
	default:
		f.scenes = append(f.scenes, s)
	}
	if !f.queued {
		f.queued = true
		a.work = append(a.work, f)
	}
}

// merge adds what another scene like it has, and reports whether that is anything new.
func (s *scene) merge(o *scene) (changed bool) {
	for _, c := range o.calls {
		if !slices.Contains(s.calls, c) && len(s.calls) < maxCalls {
			s.calls = append(s.calls, c) // counted only: nothing below depends on it
		}
	}
	for _, r := range o.roots {
		if i, ok := slices.BinarySearch(s.roots, r); !ok && len(s.roots) < maxRoots {
			s.roots = slices.Insert(slices.Clone(s.roots), i, r)
			changed = true
		}
	}
	if both := slices.DeleteFunc(slices.Clone(s.pass), func(f *effects.Func) bool { return !slices.Contains(o.pass, f) }); len(both) < len(s.pass) {
		s.pass = both
		changed = true
	}
	if o.conf > s.conf || o.conf == s.conf && length(o.via) < length(s.via) {
		s.conf, s.via, s.root = o.conf, o.via, o.root
		changed = true
	}
	return changed
}

func length(l *Link) int {
	if l == nil {
		return 0
	}
	return l.Len
}

// spread propagates the scenes along the uses until nothing changes.
func (a *analysis) spread() {
	for steps := 0; len(a.work) > 0 && steps < maxSteps; steps++ {
		f := a.work[0]
		a.work = a.work[1:]
		f.queued = false
		for i := range f.uses {
			u := &f.uses[i]
			callee := a.of[u.Fn]
			if callee == nil || u.Kind != Called && u.Kind != Handed {
				continue
			}
			locks, reached := f.locks(u.Site.V)
			if !reached {
				continue
			}
			for _, s := range slices.Clone(f.scenes) {
				if length(s.via) < maxChain {
					a.add(callee, a.through(s, f, u, locks))
				}
			}
		}
	}
}

// through returns the scene of the function used in a scene of its user.
func (a *analysis) through(s *scene, f *function, u *Use, locks *held.Locks) *scene {
	n := &scene{
		roots: s.roots, root: s.root, via: &Link{Use: *u, Up: s.via, Len: length(s.via) + 1}, conf: s.conf * u.Conf / 100,
		weak: s.weak || u.Kind == Handed, contract: s.contract, pass: s.pass, awaited: s.awaited, fresh: u.Fresh, free: u.Free,
		calls: []threads.Spot{u.Site},
	}
	if u.Kind != Started {
		n.held, n.any = s.with(locks)
	}
	if inner, any, ok := a.inside(u); ok { // it is called there, and then
		n.weak = s.weak
		n.held, n.any = both(n.held, inner), n.any || any
	}
	if more := a.passedAt(f, u.Site.V); len(more) > 0 {
		n.awaited = slices.Concat(s.awaited, more)
		slices.Sort(n.awaited)
		n.awaited = slices.Compact(n.awaited)
	}
	if by := u.Site.Fn.Outermost(); !slices.Contains(n.pass, by) {
		n.pass = append(slices.Clone(n.pass), by)
	}
	for i, from := range u.Args {
		n.fresh |= bit(i, i < 64 && has(s.fresh, from))
	}
	return n
}

// inside returns the locks that a function holds whenever it calls what it is handed, and whether it always holds one that only its callers
// know, as it may be a parameter; ok is false unless to call it is all it does with it.
//
//	func (s *S) withLock(f func()) { s.mu.Lock(); defer s.mu.Unlock(); f() }
func (a *analysis) inside(u *Use) (inner []lockgraph.Gate, any, ok bool) {
	by := a.of[u.Into]
	if u.Kind != Handed || by == nil || u.Param < 0 || u.Param >= len(u.Into.Params) {
		return nil, false, false
	}
	p := u.Into.Params[u.Param]
	for _, v := range u.Into.Uses(p) {
		in := u.Into.At(v)
		if in.Op == effects.Compare {
			continue
		}
		if in.Op != effects.Call || in.How == effects.Started || in.Flags&effects.Dynamic == 0 || in.Args[0] != p || slices.Contains(in.Args[1:], p) {
			return nil, false, false
		}
		locks, reached := by.locks(v)
		if !reached && in.How == effects.AtOnce {
			continue
		}
		var now []lockgraph.Gate
		unknown := false
		if locks != nil && in.How == effects.AtOnce {
			now, unknown = locks.Held, locks.Any
		}
		if !ok {
			inner, any, ok = now, unknown, true
			continue
		}
		any = any && unknown
		inner = slices.DeleteFunc(slices.Clone(inner), func(g lockgraph.Gate) bool { return !slices.Contains(now, g) })
	}
	return inner, any, ok
}

// both returns the locks of two lists, each class once.
func both(held, more []lockgraph.Gate) []lockgraph.Gate {
	out := slices.Concat(held, more)
	slices.SortFunc(out, func(a, b lockgraph.Gate) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Mode, b.Mode))
	})
	return slices.CompactFunc(out, func(a, b lockgraph.Gate) bool { return a.Class == b.Class })
}

// has reports whether a bit is set; one that is out of range is not.
func has(bits uint64, i int) bool { return i >= 0 && i < 64 && bits&(1<<i) != 0 }

// with returns the locks held at an instruction in the scene.
func (s *scene) with(locks *held.Locks) (held []lockgraph.Gate, any bool) {
	if locks == nil {
		return s.held, s.any
	}
	held = slices.Clone(locks.Held)
	for _, g := range s.held {
		if _, gone := slices.BinarySearch(locks.Released, string(g.Class)); !gone {
			held = append(held, g)
		}
	}
	slices.SortFunc(held, func(a, b lockgraph.Gate) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Mode, b.Mode))
	})
	held = slices.CompactFunc(held, func(a, b lockgraph.Gate) bool { return a.Class == b.Class })
	return held, s.any || locks.Any
}

// entryKind tells how code outside the package runs a function; ok is false if it does not.
func (a *analysis) entryKind(f *function) (kind RootKind, ok bool) {
	fn, name := f.fn, baseName(f.fn)
	switch {
	case fn.Parent != nil:
		return 0, false
	case !fn.Recv && (name == "init" || strings.HasPrefix(name, "init#")):
		return Init, true
	case a.main:
		return Main, name == "main" && !fn.Recv
	case !fn.Exported || fn.Made || fn.Wrapper || a.requires(f):
		return 0, false
	case fn.Recv && len(f.users) > 0:
		// The calls of methods of a type that others cannot name tell how these run.
		t := fn.At(fn.Params[0]).Type.To()
		return Exported, t == nil || !unexported(t.Name)
	}
	return Exported, true
}

// contract reports whether a function can be called from other packages, by who holds a lock.
func (a *analysis) contract(fn *effects.Func) bool {
	return !a.main && fn.Exported && !fn.Made && !fn.Wrapper && fn.Parent == nil && a.demands(fn)
}

// baseName returns the last part of the name of a declared function, or of the one around a literal.
func baseName(fn *effects.Func) string {
	name := fn.Outermost().Name
	return name[strings.LastIndexByte(name, '.')+1:]
}

// before reports whether every way to an instruction passes another one of the same function first.
func before(p, q threads.Spot) bool { return p.Fn == q.Fn && p.Fn != nil && p.Fn.Before(p.V, q.V) }

// leads reports whether control can get from one instruction to another.
func leads(p, q threads.Spot) bool { return p.Fn == q.Fn && p.Fn != nil && p.Fn.Reaches(p.V, q.V, nil) }

// Frame returns the witness step of an instruction.
func Frame(p threads.Spot) lockgraph.Frame { return FrameAt(p.Fn, p.Pos()) }

// FrameAt returns the witness step of a position in a function.
func FrameAt(fn *effects.Func, pos effects.Pos) lockgraph.Frame {
	f := lockgraph.Frame{Func: fn.Name, Line: int(pos.Line), Col: int(pos.Col)}
	if pos.IsValid() {
		f.File = fn.Unit.Files[pos.File]
	}
	return f
}

// compareFrames orders witness steps by their positions.
func compareFrames(a, b lockgraph.Frame) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}
