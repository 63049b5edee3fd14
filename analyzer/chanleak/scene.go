package chanleak

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// A scene is one channel that a function makes and keeps to itself and the goroutines that it starts.
type scene struct {
	*checker
	o       *waits.Object
	home    *effects.Func
	own     map[*effects.Func]bool // functions that home runs itself
	threads []thread
	below   map[*effects.Func]bool // functions that goroutines run which home starts, and those which these start
}

// A thread is a goroutine that home starts, and which has the channel.
type thread struct {
	start waits.Spot
	fn    *effects.Func
	funcs map[*effects.Func]bool // that it runs
}

// scenes returns a scene for each channel of which all that is done is done by the function that makes it, and by goroutines which that starts itself.
func (c *checker) scenes() []*scene {
	var out []*scene
	for _, o := range c.m.Objects {
		if o.Context || !c.m.Local(o) || !c.m.Live(o.Made.Fn) {
			continue
		}
		if s := c.scene(o); s != nil {
			out = append(out, s)
		}
	}
	return out
}

func (c *checker) scene(o *waits.Object) *scene {
	s := &scene{checker: c, o: o, home: o.Made.Fn, own: c.runs(o.Made.Fn)}
	var users []*effects.Func
	for _, op := range o.Ops {
		if !slices.Contains(users, op.Fn) {
			users = append(users, op.Fn)
		}
	}
	for fn := range s.own {
		if fn != s.home && slices.Contains(users, fn) && c.starting(fn) {
			return nil // a goroutine may be started there
		}
	}
	for v := s.home.First; int(v) < len(s.home.Code); v++ {
		at := waits.Spot{Fn: s.home, V: v}
		for _, fn := range c.m.Callees(at) {
			if !c.m.Starts(at) {
				continue
			}
			t := thread{at, fn, c.runs(fn)}
			if slices.ContainsFunc(users, func(u *effects.Func) bool { return t.funcs[u] }) {
				s.threads = append(s.threads, t)
			}
		}
	}
	for _, u := range users {
		if !s.own[u] && !slices.ContainsFunc(s.threads, func(t thread) bool { return t.funcs[u] }) {
			return nil // a goroutine that another one starts, or a function that is called elsewhere
		}
	}
	if len(s.threads) == 0 {
		return nil
	}
	s.below = s.started()
	return s
}

// started returns the functions that run in goroutines of home.
func (s *scene) started() map[*effects.Func]bool {
	seen := map[*effects.Func]bool{}
	var work []*effects.Func
	add := func(at waits.Spot) {
		for _, to := range s.m.Callees(at) {
			if !seen[to] {
				seen[to] = true
				work = append(work, to)
			}
		}
	}
	for v := s.home.First; int(v) < len(s.home.Code); v++ {
		if at := (waits.Spot{Fn: s.home, V: v}); s.m.Starts(at) {
			add(at)
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for v := fn.First; int(v) < len(fn.Code); v++ {
			add(waits.Spot{Fn: fn, V: v})
		}
	}
	return seen
}

// starting reports whether a function starts goroutines.
func (c *checker) starting(fn *effects.Func) bool {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		if c.m.Starts(waits.Spot{Fn: fn, V: v}) {
			return true
		}
	}
	return false
}

// runs returns the functions that one runs, without those that it starts in other goroutines.
func (c *checker) runs(fn *effects.Func) map[*effects.Func]bool {
	if seen, ok := c.run[fn]; ok {
		return seen
	}
	seen := map[*effects.Func]bool{fn: true}
	for work := []*effects.Func{fn}; len(work) > 0; {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for v := x.First; int(v) < len(x.Code); v++ {
			at := waits.Spot{Fn: x, V: v}
			if c.m.Starts(at) {
				continue
			}
			for _, to := range c.m.Callees(at) {
				if !seen[to] {
					seen[to] = true
					work = append(work, to)
				}
			}
		}
	}
	c.run[fn] = seen
	return seen
}

// ends returns the operations that could end a wait.
func (s *scene) ends(wait waits.Op, closes bool) []waits.Op {
	var out []waits.Op
	for _, op := range s.o.Ops {
		if op.Ends(wait) && (!closes || op.Kind == waits.Close) {
			out = append(out, op)
		}
	}
	return out
}

// by returns the instructions of a function that do some operations, or come to a function that does.
func (s *scene) by(fn *effects.Func, ops []waits.Op) map[V]bool {
	out := map[V]bool{}
	in := map[*effects.Func]bool{}
	for _, op := range ops {
		in[op.Fn] = true
		if op.Fn == fn {
			out[op.V] = true
		}
	}
	for v := fn.First; int(v) < len(fn.Code); v++ {
		at := waits.Spot{Fn: fn, V: v}
		if s.m.Starts(at) {
			continue
		}
		for _, to := range s.m.Callees(at) {
			for f := range s.runs(to) {
				if in[f] {
					out[v] = true
				}
			}
		}
	}
	return out
}
