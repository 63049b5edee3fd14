package waitmisuse

import "github.com/lockcheck/lockcheck/analyzer/internal/effects"

// touch finds which WaitGroups each function, or one that it refers to, counts.
func (p *program) touch() {
	p.touched = map[*effects.Func]map[key]bool{}
	var add func(fn *effects.Func, k key)
	add = func(fn *effects.Func, k key) {
		if p.touched[fn] == nil {
			p.touched[fn] = map[key]bool{}
		}
		if !p.touched[fn][k] {
			p.touched[fn][k] = true
			for _, user := range p.users[fn] {
				add(user, k)
			}
		}
	}
	for _, fn := range p.funcs {
		a := of(fn)
		note := func(a *activation) {
			for _, o := range p.opsOf(a.Fn) {
				if o.kind == effects.Add || o.kind == effects.Done || o.kind == effects.Start {
					add(fn, p.object(a, o.recv).key())
				}
			}
		}
		note(a)
		each(fn, func(v V) {
			if t := p.callee(a, v); t != nil && t.Fn.Wrapper { // a method value
				note(t)
			}
			for _, w := range p.handsOut(a, v) {
				if isWaitGroup(fn.At(w).Type) {
					add(fn, p.object(a, w).key())
				}
			}
		})
	}
}

// touches reports whether a function, or one that it refers to, may call Add or Done of w.
func (p *program) touches(fn *effects.Func, w object) bool {
	if fn.Wrapper {
		return true
	}
	set := p.touched[fn]
	k := w.key()
	return len(set) > 0 && (k == key{} || set[k] || set[key{}])
}

// handsOut returns what an instruction gives away: to a method value, to what is not in view, or to where it is kept. Who has
// it may use it at any time.
func (p *program) handsOut(a *activation, v V) []V {
	switch in := a.Fn.At(v); in.Op {
	case effects.Closure:
		if in.Fn == nil || in.Fn.Wrapper && !p.calledOnly(a.Fn, v, 0) {
			return in.Args
		}
	case effects.Store:
		if p.view(a.Fn).Cell(in.Args[0]).Single() == 0 {
			return in.Args[1:]
		}
	case effects.Send:
		return in.Args[1:]
	case effects.Select:
		return in.Args
	case effects.MapUpdate:
		return in.Args[2:]
	case effects.Box:
		return in.Args
	case effects.Call:
		if p.callee(a, v) == nil {
			return in.Args
		}
	case effects.Invoke, effects.Known:
		return in.Args
	}
	return nil
}

// synchronize finds the functions that, while they run, may wait for another goroutine or let one go on.
func (p *program) synchronize() {
	p.syncing = map[*effects.Func]bool{}
	var mark func(fn *effects.Func)
	mark = func(fn *effects.Func) {
		if !p.syncing[fn] {
			p.syncing[fn] = true
			for _, site := range p.sites[fn] {
				mark(site.Fn)
			}
		}
	}
	for _, fn := range p.funcs {
		each(fn, func(v V) {
			if p.callee(of(fn), v) == nil && syncsHere(fn.At(v)) {
				mark(fn)
			}
		})
	}
}

// syncs reports whether an instruction may wait for another goroutine or let one go on. The counting of a WaitGroup is left to the
// caller.
func (p *program) syncs(fn *effects.Func, v V) bool {
	if fn.At(v).How != effects.AtOnce {
		return false
	}
	if t := p.callee(of(fn), v); t != nil {
		return p.syncing[t.Fn]
	}
	return syncsHere(fn.At(v))
}

func syncsHere(in *effects.Instr) bool {
	if in.How != effects.AtOnce {
		return false
	}
	switch in.Op {
	case effects.Send, effects.Select, effects.Recv, effects.Close,
		effects.Acquire, effects.Release, effects.TryAcquire, effects.RLocker, effects.NewCond, effects.CondWait, effects.Signal, effects.Once:
		return true
	case effects.Call:
		return in.Flags&effects.Dynamic != 0 || !quiet[in.Class]
	case effects.Known, effects.Wait, effects.Start:
		return in.Class != "sync" && !quiet[in.Class]
	}
	return false
}

// quiet are packages whose functions make no goroutine wait for another.
var quiet = map[string]bool{
	"bytes": true, "context": true, "errors": true, "fmt": true, "log": true, "log/slog": true, "maps": true,
	"math": true, "math/rand": true, "math/rand/v2": true, "os": true, "runtime": true, "slices": true, "sort": true,
	"strconv": true, "strings": true, "sync/atomic": true, "testing": true, "time": true, "unicode/utf8": true,
}
