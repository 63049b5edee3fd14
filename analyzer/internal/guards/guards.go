package guards

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Input is one package, seen through the engine.
type Input struct {
	Env   flow.Env
	Fset  *token.FileSet
	Files []*ast.File     // of the package; test files may be among them
	Funcs []*ssa.Function // of the package, in a fixed order
	Path  string          // import path
	Pkg   *types.Package
	Main  bool // package main

	// Result returns what the walk of a function found, nil if it was not walked.
	Result func(*ssa.Function) *flow.Result
	// Requires returns the classes of the locks that callers of a function of another package must hold.
	Requires func(*ssa.Function) []string
	// InTest reports whether a function is declared in a test file.
	InTest func(*ssa.Function) bool
}

// A Table is what was found about the places of one package.
type Table struct {
	Places []*Place // sorted by class
	Roots  []Root

	// Requires has, for exported functions that say that their callers must hold a lock, the classes of the
	// locks which guard what they touch.
	Requires map[*ssa.Function][]string

	a *analysis
}

// A Place is a field, a package variable, or the content of one.
type Place struct {
	Class string
	Guard *Guard // nil if nothing is known to guard it
	Sites []*Site

	Escapes []*Escape // of a place that is the content of another
}

// A Guard is the lock of a place.
type Guard struct {
	Class    string
	Declared *Declaration // nil if the guard is inferred
	Held     int          // accesses that hold it
	Total    int          // accesses that can meet another
	Writes   int          // of Held
	Funcs    int          // with accesses that hold it
	Others   int          // functions with accesses that do not
	Sibling  bool         // it is a field of the same struct, or a package variable beside the place
	Adjacent bool         // and declared in the same paragraph
	Only     bool         // the struct has no other lock
}

// A Site is an access to a place, by the line.
type Site struct {
	flow.Access
	Scenes  []Situation // without those in which nobody else can see the object
	Some    []string    // classes of the locks that the function holds there on some paths
	Takes   []string    // classes of the locks that the function takes somewhere
	Signals []string    // classes of the WaitGroups and channels by which the function signals (Done, close, send)
	Awaited []string    // classes of the WaitGroups and channels for which it has waited before, on every way
	Closed  []string    // classes of the channels that it has closed before, on every way
	Behind  []string    // classes of locks that the function has taken and released before, on every way
}

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
	Pass     []*ssa.Function // functions that all ways to the access pass through
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

// Analyze finds the places of a package, their guards and their accesses.
func Analyze(in *Input) *Table {
	a := &analysis{
		in: in, places: map[string]*Place{}, escapes: map[string][]*Escape{}, leaks: map[string][]flow.Access{}, hidden: map[string]bool{},
		required: map[*ssa.Function][]string{}, known: map[*ssa.Function]*facts{}, structs: map[string]*structInfo{},
		announced: map[string]bool{}, passedBy: map[ssa.Instruction][]string{},
	}
	a.stage = &stage{
		scenes: map[*ssa.Function][]*scene{}, keys: map[*ssa.Function]map[string]*scene{}, uses: map[*ssa.Function][]flow.Use{},
		users: map[*ssa.Function][]*ssa.Function{}, queued: map[*ssa.Function]bool{}, locks: a.locks,
	}
	a.stage.passed = a.passedAt
	a.syntax()
	a.setScenes()
	a.collect()
	t := &Table{Roots: a.stage.roots, a: a, Requires: map[*ssa.Function][]string{}}
	for _, class := range slices.Sorted(maps.Keys(a.places)) {
		p := a.places[class]
		p.Escapes = a.escapes[class]
		a.believe(p)
		t.Places = append(t.Places, p)
		a.require(p, t.Requires)
	}
	return t
}

// require notes what functions with a contract require, and takes their scenes away.
func (a *analysis) require(p *Place, req map[*ssa.Function][]string) {
	for _, s := range p.Sites {
		s.Scenes = slices.DeleteFunc(s.Scenes, func(x Situation) bool {
			r := &a.stage.roots[x.Root]
			if r.Kind != Contract {
				return false
			}
			if g := p.Guard; g != nil && s.Op != flow.Atomic && slices.ContainsFunc(p.Sites, func(o *Site) bool { return o.Op == flow.Write }) {
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
	in       *Input
	stage    *stage
	places   map[string]*Place
	required map[*ssa.Function][]string // see held.Required

	escapes map[string][]*Escape     // by class
	leaks   map[string][]flow.Access // by class: where the address of a place goes to what is not followed
	hidden  map[string]bool          // classes with accesses of which not all scenes are known

	known     map[*ssa.Function]*facts
	announced map[string]bool // classes of channels that are closed when something is complete, and not sent to
	passedBy  map[ssa.Instruction][]string
	structs   map[string]*structInfo
	docs      map[token.Pos]*ast.FuncDecl // by position of the name
}

// locks returns the locks at an instruction; reached is false if no path comes there.
func (a *analysis) locks(fn *ssa.Function, instr ssa.Instruction) (*held.Locks, bool) {
	r := a.in.Result(fn)
	if r == nil || r.Summary.Truncated {
		return nil, r == nil
	}
	l := r.LocksAt(instr)
	if l == nil {
		return nil, false
	}
	req, ok := a.required[fn]
	if !ok {
		req = held.Required(r.Summary)
		a.required[fn] = req
	}
	for _, c := range req {
		if _, gone := slices.BinarySearch(l.Released, c); !gone && !l.Holds(c) {
			n := *l
			n.Held = append(slices.Clone(l.Held), lockgraph.Gate{Class: lockgraph.Class(c)})
			l = &n
		}
	}
	return l, true
}

// setScenes finds the roots and propagates scenes from them.
func (a *analysis) setScenes() {
	st := a.stage
	for _, fn := range a.in.Funcs {
		if a.in.InTest(fn) {
			continue
		}
		scanned := flow.Scan(a.in.Env, fn)
		a.learn(fn, scanned)
		scanned.Uses(func(u flow.Use) {
			if p := u.Site.Pos(); fn.Synthetic != "" && p.IsValid() && strings.HasSuffix(a.in.Fset.Position(p).Filename, "_test.go") {
				return // in the initializer of the package
			}
			st.uses[fn] = append(st.uses[fn], u)
			if !slices.Contains(st.users[u.Callee], fn) {
				st.users[u.Callee] = append(st.users[u.Callee], fn)
			}
		})
	}
	a.announce()
	for _, fn := range a.in.Funcs {
		if a.in.InTest(fn) {
			continue
		}
		switch kind, ok := a.entryKind(fn); {
		case !ok && a.contract(fn):
			r := st.addRoot(Root{Kind: Contract, Fn: fn})
			st.add(fn, &scene{roots: []int{r}, root: r, conf: 100, contract: true})
		case !ok:
		case kind == Init || kind == Main:
			st.add(fn, &scene{roots: []int{st.addRoot(Root{Kind: kind, Fn: fn})}, root: len(st.roots) - 1, conf: 100})
		default:
			st.add(fn, &scene{roots: []int{st.addRoot(Root{Kind: kind, Fn: fn, Many: true, Serves: fn.Name() == "ServeHTTP" && serves(fn)})}, root: len(st.roots) - 1, conf: 100})
		}
		for _, u := range st.uses[fn] {
			switch u.Kind {
			case flow.Started:
				r := st.addRoot(Root{Kind: Goroutine, Fn: u.Callee, Site: u.Site, Many: u.Loop || serves(u.Callee), Serves: serves(u.Callee), Signals: a.signals(u.Callee)})
				st.add(u.Callee, &scene{roots: []int{r}, root: r, conf: u.Conf, via: &Link{Use: u, Len: 1}, pass: []*ssa.Function{flow.Outermost(fn)}, awaited: st.passed(u.Site)})
			case flow.Kept:
				h := serves(u.Callee)
				r := st.addRoot(Root{Kind: Callback, Fn: u.Callee, Site: u.Site, Many: h, Serves: h})
				st.add(u.Callee, &scene{roots: []int{r}, root: r, conf: 100, weak: !h})
			case flow.Handed:
				if serves(u.Callee) {
					r := st.addRoot(Root{Kind: Callback, Fn: u.Callee, Site: u.Site, Many: true, Serves: true})
					st.add(u.Callee, &scene{roots: []int{r}, root: r, conf: 100})
				}
			}
		}
	}
	st.run()
}

// dones returns the classes of what a goroutine that runs fn tells others by before it ends: in fn, and in
// what fn calls and defers.
func (a *analysis) signals(fn *ssa.Function) []string {
	out := slices.Clone(a.facts(fn).signals)
	for _, u := range a.stage.uses[fn] {
		if u.Kind == flow.Called {
			out = append(out, a.facts(u.Callee).signals...)
		}
	}
	return slices.DeleteFunc(out, func(c string) bool { return c == "" })
}

// contract reports whether fn can be called from other packages, by who holds a lock.
func (a *analysis) contract(fn *ssa.Function) bool {
	o, ok := fn.Object().(*types.Func)
	return ok && !a.in.Main && o.Exported() && fn.Synthetic == "" && fn.Parent() == nil && a.demands(fn)
}

// serves reports whether a function handles HTTP requests.
func serves(fn *ssa.Function) bool { return flow.IsHandler(fn.Signature) }

// entryKind tells how code outside the package runs fn; ok is false if it does not.
func (a *analysis) entryKind(fn *ssa.Function) (kind RootKind, ok bool) {
	if fn.Parent() != nil {
		return 0, false
	}
	if fn.Signature.Recv() == nil && (fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#")) {
		return Init, true
	}
	if a.in.Main {
		if fn.Name() == "main" && fn.Signature.Recv() == nil {
			return Main, true
		}
		return 0, false
	}
	o, isFunc := fn.Object().(*types.Func)
	if !isFunc || !o.Exported() || fn.Synthetic != "" || a.requires(fn) {
		return 0, false
	}
	if recv := o.Signature().Recv(); recv != nil {
		t := types.Unalias(recv.Type())
		if p, ok := t.(*types.Pointer); ok {
			t = types.Unalias(p.Elem())
		}
		if n, ok := t.(*types.Named); ok && !n.Obj().Exported() && len(a.stage.users[fn]) > 0 {
			return 0, false // its calls tell
		}
	}
	return Exported, true
}

// collect gathers the accesses, those of one line and kind as one.
func (a *analysis) collect() {
	type key struct {
		file  string
		line  int
		fn    string
		class string
	}
	seen := map[key]*Site{}
	owned := map[*types.Struct]bool{}
	if a.in.Pkg != nil {
		owned = flow.Owned(a.in.Pkg)
	}
	for _, fn := range a.in.Funcs {
		if a.in.InTest(fn) {
			continue
		}
		unsure := a.unsure(fn)
		if len(a.stage.scenes[fn]) == 0 && !unsure {
			continue
		}
		own := func(x flow.Access) bool { return !x.Fresh && strings.HasPrefix(x.Class, a.in.Path+".") }
		leak := func(x flow.Access) {
			if own(x) {
				a.leaks[x.Class] = append(a.leaks[x.Class], x)
			}
		}
		flow.Scan(a.in.Env, fn).Accesses(flow.Scope{Owned: owned, Leak: leak, Escape: a.escape}, func(x flow.Access) {
			if !own(x) {
				return
			}
			if unsure {
				a.hidden[x.Class] = true
			}
			if len(a.stage.scenes[fn]) == 0 {
				return
			}
			s := a.site(x)
			if s == nil {
				return
			}
			posn := a.in.Fset.Position(x.Pos)
			k := key{posn.Filename, posn.Line, fn.String(), x.Class}
			if old := seen[k]; old != nil { // n++ reads and writes
				if old.Op == flow.Read {
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
func (a *analysis) unsure(fn *ssa.Function) bool {
	if r := a.in.Result(fn); r != nil && r.Summary.Truncated {
		return true
	}
	n := len(a.stage.scenes[fn])
	called := func(by *ssa.Function) bool { return len(a.stage.scenes[by]) > 0 }
	return n >= maxScenes || n == 0 && slices.ContainsFunc(a.stage.users[fn], called)
}

// site returns an access with its scenes, nil if no path comes there.
func (a *analysis) site(x flow.Access) *Site {
	locks, reached := a.locks(x.Fn, x.Instr)
	if !reached {
		return nil
	}
	s := &Site{Access: x}
	if locks != nil {
		s.Some = locks.Some
	}
	s.Takes, s.Behind = a.taken(x.Fn, x.Instr)
	s.Awaited, s.Signals, s.Closed = append(a.awaited(x.Fn, x.Instr), a.awaitedBelow(x.Fn, x.Instr, 0)...), a.signals(x.Fn), a.closed(x.Fn, x.Instr)
	for _, sc := range a.stage.scenes[x.Fn] {
		if fresh(s, sc) {
			continue
		}
		if !slices.ContainsFunc(sc.roots, func(r int) bool { return a.stage.roots[r].Kind != Init }) {
			continue
		}
		sit := sc.situation()
		sit.Held, sit.Any = sc.with(locks)
		for l := sc.via; l != nil; l = l.Up {
			if l.Use.Kind != flow.Started {
				_, behind := a.taken(l.Use.Site.Parent(), l.Use.Site)
				sit.Behind = append(sit.Behind, behind...)
			}
		}
		s.Scenes = append(s.Scenes, sit)
	}
	return s
}

// taken returns the classes of the locks that fn, or what it calls, certainly takes, and of those that
// it takes before an instruction.
func (a *analysis) taken(fn *ssa.Function, instr ssa.Instruction) (all, behind []string) {
	takes := a.facts(fn).takes
	for _, t := range takes {
		if t.Class == "" {
			continue
		}
		if !slices.Contains(all, t.Class) {
			all = append(all, t.Class)
		}
	}
	for _, c := range all {
		if cut(takes, c, instr) {
			behind = append(behind, c)
		}
	}
	return all, behind
}

// cut reports whether every way to an instruction passes one at which the class is taken.
func cut(takes []flow.Take, class string, to ssa.Instruction) bool {
	blocks := map[*ssa.BasicBlock]bool{}
	for _, t := range takes {
		if t.Class != class {
			continue
		}
		if t.Instr.Block() == to.Block() && after(t.Instr, to) {
			return true
		}
		if t.Instr.Block() != to.Block() {
			blocks[t.Instr.Block()] = true
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{to.Parent().Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || blocks[b] {
			continue
		}
		seen[b] = true
		if b == to.Block() {
			return false
		}
		work = append(work, b.Succs...)
	}
	return true
}

// awaited returns the classes of what fn has waited for before an instruction.
func (a *analysis) awaited(fn *ssa.Function, instr ssa.Instruction) []string {
	var out []string
	for _, j := range a.facts(fn).waits {
		if j.Class != "" && after(j.Instr, instr) {
			out = append(out, j.Class)
		}
	}
	return out
}

// closed returns the classes of the channels that fn has closed before an instruction.
func (a *analysis) closed(fn *ssa.Function, instr ssa.Instruction) []string {
	var out []string
	for _, t := range a.facts(fn).tells {
		if _, deferred := t.Instr.(*ssa.Defer); t.Closes && !deferred && after(t.Instr, instr) {
			out = append(out, t.Class)
		}
	}
	return out
}

// passed returns the classes of the announced channels that fn has waited for before an instruction.
func (a *analysis) passed(fn *ssa.Function, instr ssa.Instruction) []string {
	return slices.DeleteFunc(a.awaited(fn, instr), func(c string) bool { return !a.announced[c] })
}

// passedAt is the same with what calls have waited for.
func (a *analysis) passedAt(at ssa.Instruction) []string {
	if len(a.announced) == 0 {
		return nil
	}
	classes, ok := a.passedBy[at]
	if !ok {
		classes = append(a.passed(at.Parent(), at), a.awaitedBelow(at.Parent(), at, 0)...)
		a.passedBy[at] = classes
	}
	return classes
}

// announce finds the channels that are only closed.
func (a *analysis) announce() {
	sent := map[string]bool{}
	for _, f := range a.known {
		for _, t := range f.tells {
			if t.Class != "" && t.Closes {
				a.announced[t.Class] = true
			}
			sent[t.Class] = sent[t.Class] || !t.Closes
		}
	}
	maps.DeleteFunc(a.announced, func(c string, _ bool) bool { return sent[c] })
}

// facts are what one function tells by itself.
type facts struct {
	takes   []flow.Take
	waits   []flow.Join
	tells   []flow.Signal
	signals []string // classes of the WaitGroups and channels by which it signals
}

// facts returns those of a function, which may be one of another package.
func (a *analysis) facts(fn *ssa.Function) *facts {
	if a.known[fn] == nil {
		if len(fn.Blocks) == 0 {
			a.known[fn] = &facts{}
		} else {
			a.learn(fn, flow.Scan(a.in.Env, fn))
		}
	}
	return a.known[fn]
}

func (a *analysis) learn(fn *ssa.Function, scanned *flow.Scanned) {
	f := &facts{}
	scanned.Takes(func(t flow.Take) { f.takes = append(f.takes, t) })
	scanned.Joins(func(j flow.Join) { f.waits = append(f.waits, j) }, func(t flow.Signal) {
		f.tells, f.signals = append(f.tells, t), append(f.signals, t.Class)
	})
	a.known[fn] = f
}

// Holds reports whether a site holds a class in all its scenes, to write if it writes.
func (s *Site) Holds(class string) bool {
	return !slices.ContainsFunc(s.Scenes, func(x Situation) bool {
		m, ok := x.Holds(class)
		if x.Contract {
			return false
		}
		return !ok || m == lockgraph.Read && s.Op == flow.Write
	})
}

// mostly reports whether a site holds a class in more than half of its scenes: it is in a function that
// requires the lock, and some call forgets it. Scenes that differ only by what has been waited for count once.
func (p *Place) mostly(s *Site, class string) bool {
	n, all := 0, 0
	for i := range s.Scenes {
		x := &s.Scenes[i]
		if x.Contract || p.settled(s, x) || slices.ContainsFunc(s.Scenes[:i], func(y Situation) bool {
			return !y.Contract && !p.settled(s, &y) && x.apartBy(&y)
		}) {
			continue
		}
		all++
		if m, ok := x.Holds(class); ok && (m == lockgraph.Write || s.Op != flow.Write) {
			n++
		}
	}
	return 2*n > all
}

// settled reports whether a read comes after all writes to the place have been told to be complete.
func (p *Place) settled(s *Site, in *Situation) bool {
	return s.Op == flow.Read && len(in.Awaited)+len(s.Awaited) > 0 &&
		!slices.ContainsFunc(p.Sites, func(o *Site) bool { return o.Op != flow.Read && !told(s, in, o) })
}

// apartBy reports whether two situations differ by nothing but what callers have waited for.
func (s *Situation) apartBy(o *Situation) bool {
	return s.Any == o.Any && s.Weak == o.Weak && slices.Equal(s.Held, o.Held) && !slices.Equal(s.Awaited, o.Awaited)
}

// believe chooses the guard of a place.
func (a *analysis) believe(p *Place) {
	declared := a.declared(strings.TrimSuffix(p.Class, "[]"))
	classes := map[string]bool{}
	for _, s := range p.Sites {
		for _, x := range s.Scenes {
			for _, g := range x.Held {
				classes[string(g.Class)] = true
			}
		}
	}
	if declared != nil {
		classes = map[string]bool{declared.Lock: true}
	}
	for _, class := range slices.Sorted(maps.Keys(classes)) {
		g := a.weigh(p, class)
		g.Declared = declared
		if better(g, p.Guard) {
			p.Guard = g
		}
	}
}

// weigh counts the accesses with and without a lock.
func (a *analysis) weigh(p *Place, class string) *Guard {
	g := &Guard{Class: class}
	funcs, others := map[*ssa.Function]bool{}, map[*ssa.Function]bool{}
	for _, s := range p.Sites {
		if !slices.ContainsFunc(s.Scenes, func(x Situation) bool { return !x.Contract && !p.settled(s, &x) }) {
			continue // only its callers know, or it meets no write
		}
		g.Total++
		if p.mostly(s, class) {
			g.Held++
			if s.Op != flow.Read {
				g.Writes++
			}
			funcs[flow.Outermost(s.Fn)] = true
		} else {
			others[flow.Outermost(s.Fn)] = true
		}
	}
	g.Funcs, g.Others = len(funcs), len(others)
	base := strings.TrimSuffix(p.Class, "[]")
	g.Sibling, g.Adjacent, g.Only = a.beside(base, class)
	return g
}

func better(g, old *Guard) bool {
	if old == nil {
		return true
	}
	return cmp.Or(cmp.Compare(g.Held, old.Held), cmp.Compare(b2i(g.Sibling), b2i(old.Sibling)), cmp.Compare(b2i(g.Adjacent), b2i(old.Adjacent)), -cmp.Compare(g.Class, old.Class)) > 0
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
