package lockset

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// What fixes of several checks prove. Fixes are proved in the checks and written by package fix: what is proved of the paths is told at
// each function, the other conditions are in that package's documentation.

// Calm reports whether an instruction is over in no time, whatever locks are held.
func Calm(f *effects.Func, v effects.V) bool {
	in := f.At(v)
	switch in.Op {
	case effects.Call:
		return in.How == effects.AtOnce && in.Flags&effects.Dynamic == 0 && model.Computes(in.Class, in.Sym) && !callsBack(f, v)
	case effects.Builtin, effects.Close:
		return in.How == effects.AtOnce
	case effects.Send, effects.Recv, effects.Select:
		return false
	case effects.Jump, effects.If: // no loops
		for _, s := range f.Blocks[in.Block].Succs {
			if f.Graph().Dominates(s, in.Block) {
				return false
			}
		}
	}
	return !in.Op.Calls()
}

// callsBack reports whether a call is given a function.
func callsBack(f *effects.Func, v effects.V) bool {
	return len(f.Callbacks[v]) > 0 || slices.ContainsFunc(f.At(v).Args, func(a effects.V) bool {
		t := f.At(a).Type
		return t != nil && t.Kind == effects.Signature
	})
}

// Quick reports whether a function is over in no time and takes no locks, apart from some instructions.
func Quick(f *effects.Func, but []effects.V) bool {
	for v := f.First; int(v) < len(f.Code); v++ {
		switch f.Op(v) {
		case effects.Jump, effects.If: // a loop over what the guard guards
			continue
		}
		if !slices.Contains(but, v) && !Calm(f, v) && !contained(f.At(v)) {
			return false
		}
	}
	return len(f.Literals) == 0
}

// contained reports whether an instruction calls a method of a container or buffer in memory.
func contained(in *effects.Instr) bool {
	return in.Op == effects.Call && in.How == effects.AtOnce && in.Flags&(effects.Mutates|effects.Reads) != 0 && in.Class != "bufio"
}

// A Critical is the one part of a function in which it holds a lock that it takes by a statement and gives back by
// others; it names the lock nowhere else.
type Critical struct {
	Lock    fix.Lock
	Unlocks []fix.Stmt
	Instrs  []effects.V // of lock and unlocks
}

// CriticalOf returns that part for a class of locks; ok is false if there is none, or more than one.
func (e *Engine) CriticalOf(f *fix.Func, r *held.Result, class string) (c Critical, ok bool) {
	var first effects.V
	for v := range r.Freed {
		if r.Taken[v].Class == class {
			if first != 0 {
				return c, false
			}
			first = v
		}
	}
	if first == 0 {
		return c, false
	}
	if c.Lock, ok = f.Lock(e.Pos(r.Fn, first)); !ok {
		return c, false
	}
	c.Unlocks, ok = e.UnlockStmts(f, c.Lock, r.Fn, r.Freed[first])
	c.Instrs = append([]effects.V{first}, r.Freed[first]...)
	return c, ok && f.Mentions(c.Lock) == 1+len(c.Unlocks)
}

// UnlockStmts returns the statements of instructions that release a lock.
func (e *Engine) UnlockStmts(f *fix.Func, lock fix.Lock, fn *effects.Func, releases []effects.V) ([]fix.Stmt, bool) {
	var stmts []fix.Stmt
	for _, v := range releases {
		s, ok := f.Stmt(e.Pos(fn, v))
		if !ok || !lock.Unlocks(s.Stmt) {
			return nil, false
		}
		stmts = append(stmts, s)
	}
	return stmts, true
}

// WriteFixes returns the fix of a write under a read lock: to lock for writing instead.
func (e *Engine) WriteFixes(fn *effects.Func, class string) []report.Fix {
	f, r := e.Source(fn), e.Results[fn.ID]
	if f == nil || r == nil {
		return nil
	}
	c, ok := e.CriticalOf(f, r, class)
	if !ok || c.Lock.Unlock != "RUnlock" {
		return nil
	}
	return fix.One(f.LockForWriting(c.Lock, c.Unlocks))
}
