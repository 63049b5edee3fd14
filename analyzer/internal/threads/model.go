package threads

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// Input is a program.
type Input struct {
	Funcs []*effects.Func // the ID of a function is its index
	Facts *resolve.Facts
}

// A Model is what is known of the threads of a program.
type Model struct {
	in      Input
	threads []*Thread
	of      []int32   // function -> number of the only thread that runs it; none, or several
	users   [][]use   // of a function
	owned   [][]Owner // function -> by what it has the object of its thread
	views   *Views

	orders, starts, quiet []bool // see ordering
}

const (
	unused  = -1
	several = -2
)

// An Owner is how a function has an object: by a parameter, or by a captured variable that holds a pointer to it.
type Owner struct {
	Kind  ident.Kind // Param or Free
	Index int
}

// New finds the threads of a program.
func New(in Input) *Model {
	m := &Model{in: in, users: make([][]use, len(in.Funcs)), of: make([]int32, len(in.Funcs)), owned: make([][]Owner, len(in.Funcs)), views: NewViews(in.Facts)}
	for _, fn := range in.Funcs {
		uses(fn, func(u use) { m.users[u.fn.ID] = append(m.users[u.fn.ID], u) })
	}
	m.spread()
	m.own()
	m.ordering()
	m.views = nil
	return m
}

// Threads returns the goroutines and main, in the order of the functions that start them.
func (m *Model) Threads() []*Thread { return m.threads }

// Thread returns the only thread that runs a function, nil if there may be several, or callers.
func (m *Model) Thread(fn *effects.Func) *Thread {
	if t := m.of[fn.ID]; t >= 0 {
		return m.threads[t]
	}
	return nil
}

// Owns tells by what a function that is confined to a thread of one object has that object.
func (m *Model) Owns(fn *effects.Func) []Owner { return m.owned[fn.ID] }

// In names what a function has an object by.
func (o Owner) In(fn *effects.Func) string {
	leaves := fn.Params
	if o.Kind == ident.Free {
		leaves = fn.Free
	}
	if o.Index < 0 || o.Index >= len(leaves) {
		return "unknown"
	}
	return fn.At(leaves[o.Index]).Sym
}

// Has reports whether a path leads to a part of an object that a function has by an owner, without another pointer followed.
func (o Owner) Has(p ident.Path) bool {
	if p.Kind != o.Kind || p.Index() != o.Index {
		return false
	}
	if o.Kind == ident.Free {
		var ok bool
		if p, ok = p.Content(); !ok {
			return false
		}
	}
	return !p.FollowsPointer() && p.Exact()
}

// spread finds which thread runs which function.
func (m *Model) spread() {
	for i := range m.of {
		m.of[i] = unused
	}
	var work []*effects.Func
	mark := func(fn *effects.Func, t int32) {
		switch old := m.of[fn.ID]; {
		case old == t || old == several:
			return
		case old != unused:
			t = several
		}
		m.of[fn.ID] = t
		work = append(work, fn)
	}
	main := m.add(&Thread{Kind: Main, Count: One})
	for _, fn := range m.in.Funcs {
		switch {
		case entry(fn):
			mark(fn, main)
		case open(fn):
			mark(fn, several)
		}
	}
	for _, fn := range m.in.Funcs {
		for _, u := range m.users[fn.ID] {
			switch u.kind {
			case kept:
				mark(fn, several)
			case started:
				mark(fn, m.add(&Thread{Kind: Goroutine, Fn: fn, By: u.by, At: u.at, Count: m.count(u)}))
			}
		}
	}
	calls := make([][]*effects.Func, len(m.in.Funcs))
	for _, fn := range m.in.Funcs {
		for _, u := range m.users[fn.ID] {
			if u.kind == called {
				calls[u.by.ID] = append(calls[u.by.ID], fn)
			}
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, c := range calls[fn.ID] {
			mark(c, m.of[fn.ID])
		}
	}
}

func (m *Model) add(t *Thread) int32 {
	t.name = nameOf(t)
	m.threads = append(m.threads, t)
	return int32(len(m.threads) - 1)
}

// entry reports whether a function is run once, before all others, or is main itself.
func entry(fn *effects.Func) bool {
	if fn.Parent != nil || fn.Recv {
		return false
	}
	name := fn.Name[strings.LastIndexByte(fn.Name, '.')+1:]
	return name == "main" && fn.Unit.Name == "main" || name == "init" || strings.HasPrefix(name, "init#")
}

// open reports whether code outside of the program may call a function.
func open(fn *effects.Func) bool {
	return fn.Parent == nil && (fn.Test || fn.Exported && fn.Unit.Name != "main")
}

// count tells how often the goroutine of a use is started.
func (m *Model) count(u use) Count {
	loop := u.by.Graph().Loop[u.by.At(u.at).Block]
	switch {
	case !loop && m.runsOnce(u.by, 0):
		return One
	case len(m.objects(u)) > 0:
		return PerObject
	}
	return Many
}

// runsOnce reports whether a function runs once in the program.
func (m *Model) runsOnce(fn *effects.Func, depth int) bool {
	if entry(fn) {
		return true
	}
	us := m.users[fn.ID]
	if open(fn) || len(us) != 1 || us[0].kind == kept || depth > 8 {
		return false
	}
	u := us[0]
	return !u.by.Graph().Loop[u.by.At(u.at).Block] && m.runsOnce(u.by, depth+1)
}

// view returns a function in view of the program.
func (m *Model) view(fn *effects.Func) *View { return m.views.Of(fn) }

// objects returns by what a goroutine has an object that it is the only one to be started for.
func (m *Model) objects(u use) []Owner {
	f := m.view(u.by)
	var out []Owner
	for _, g := range m.given(u) {
		if f.Refers(g.v) && (f.Made(g.v) && !f.PublishedBefore(g.v, u.at) && !f.ReachesAnew(u.at, u.at, g.v) || m.onceOf(u.by, f, g.v)) {
			out = append(out, g.Owner)
		}
	}
	return out
}

// A gift is what a function is given by who uses it, and how it has that.
type gift struct {
	Owner
	v effects.V // in the user
}

// given returns the pointers that a use gives to the function.
func (m *Model) given(u use) []gift {
	f := m.view(u.by)
	in := u.by.At(u.at)
	var out []gift
	add := func(kind ident.Kind, i int, v effects.V) {
		if v != 0 {
			out = append(out, gift{Owner{kind, i}, v})
		}
	}
	var targets []resolve.Target
	switch {
	case in.Op == effects.Call || in.Op == effects.Invoke:
		targets = f.Targets(u.at)
	default:
		for _, c := range u.by.Callbacks[u.at] {
			if t, ok := f.Function(c.Arg); ok && c.Method == "" {
				targets = append(targets, t)
			}
		}
	}
	for _, t := range targets {
		if t.Fn != u.fn {
			continue
		}
		for i, a := range t.Args {
			add(ident.Param, i, a)
		}
		for i, b := range t.Free {
			if u.by.Op(b) == effects.Alloc {
				b = f.Cell(b).Single()
			}
			add(ident.Free, i, b)
		}
	}
	return out
}

// onceOf reports whether a function is a literal that only a Once runs which belongs to the object that v points to.
func (m *Model) onceOf(fn *effects.Func, f *View, v effects.V) bool {
	us := m.users[fn.ID]
	if len(us) != 1 || fn.Parent == nil || us[0].by.At(us[0].at).Op != effects.Once {
		return false
	}
	u := us[0]
	once := m.view(u.by).Path(nil, u.by.At(u.at).Args[0])
	here := f.Path(nil, v)
	content, ok := here.Content()
	if !ok || here.Kind != ident.Free || content.Len() > 0 {
		return false
	}
	for _, g := range m.given(u) {
		if g.Kind == ident.Free && g.Index == here.Index() {
			return once.Exact() && once.Within(m.view(u.by).Path(nil, g.v))
		}
	}
	return false
}

// own finds by what the functions that are confined to threads of one object have it.
func (m *Model) own() {
	var work []*effects.Func
	done := make([]bool, len(m.in.Funcs))
	for _, t := range m.threads {
		if t.Count == PerObject && m.Thread(t.Fn) == t {
			var us []use
			for _, u := range m.users[t.Fn.ID] {
				if u.kind == started {
					us = append(us, u)
				}
			}
			if len(us) == 1 && len(m.users[t.Fn.ID]) == 1 {
				m.owned[t.Fn.ID], done[t.Fn.ID] = m.objects(us[0]), true
				work = append(work, t.Fn)
			}
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		uses(fn, func(u use) {
			if u.kind != called || m.of[u.fn.ID] != m.of[fn.ID] {
				return
			}
			var has []Owner
			for _, g := range m.given(u) {
				p := m.view(u.by).Path(nil, g.v)
				if slices.ContainsFunc(m.owned[u.by.ID], func(o Owner) bool { return o.is(p) }) {
					has = append(has, g.Owner)
				}
			}
			both := has
			if done[u.fn.ID] {
				both = slices.DeleteFunc(slices.Clone(m.owned[u.fn.ID]), func(o Owner) bool { return !slices.Contains(has, o) })
				if len(both) == len(m.owned[u.fn.ID]) {
					return
				}
			}
			m.owned[u.fn.ID], done[u.fn.ID] = both, true
			work = append(work, u.fn)
		})
	}
}

// is reports whether a path is the object itself that a function has by an owner.
func (o Owner) is(p ident.Path) bool {
	if p.Kind != o.Kind || p.Index() != o.Index {
		return false
	}
	if o.Kind == ident.Free {
		content, ok := p.Content()
		return ok && content.Len() == 0
	}
	return p.Len() == 0
}
