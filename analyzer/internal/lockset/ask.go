package lockset

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// What checks ask the engine in terms of effects.

// Threads returns which goroutines there are, and what they do in which order.
func (e *Engine) Threads() *threads.Model { return e.threads }

// LocksAt returns the locks at an instruction, nil if none are known.
func (e *Engine) LocksAt(fn *effects.Func, v effects.V) *held.Locks {
	r := e.prog.Results[fn.ID]
	switch {
	case r == nil:
		return nil
	case r.Summary.Truncated:
		return &held.Locks{Any: true}
	}
	return r.Locks[v]
}

// Funcs returns the functions of a package; of those that its test variant has as well only one.
func (e *Engine) Funcs(path string) []*effects.Func {
	if e.units == nil {
		e.units = map[string]*effects.Unit{}
		for _, fn := range e.prog.Funcs {
			e.units[fn.Unit.Path] = fn.Unit
		}
	}
	u := e.units[path]
	if u == nil {
		return nil
	}
	seen := map[effects.Pos]bool{}
	return slices.DeleteFunc(slices.Clone(u.Funcs), func(fn *effects.Func) bool {
		again := !fn.Made && fn.Pos.IsValid() && seen[fn.Pos]
		seen[fn.Pos] = true
		return again
	})
}

// Declared returns those that the package declares, without literals.
func (e *Engine) Declared(path string) []*effects.Func {
	return slices.DeleteFunc(e.Funcs(path), func(fn *effects.Func) bool { return fn.Parent != nil || fn.Made })
}

// FrameOf returns where an instruction stands; what has no position stands where its function does.
func FrameOf(at threads.Spot) lockgraph.Frame {
	pos := at.Pos()
	if !pos.IsValid() {
		pos = at.Fn.Pos
	}
	return lockgraph.Frame{Func: at.Fn.Name, File: at.Fn.Unit.Files[pos.File], Line: int(pos.Line), Col: int(pos.Col)}
}

// Source returns the source of a function in which a fix may be made, nil if there is none.
func (e *Engine) Source(fn *effects.Func) *fix.Func { return e.source(e.extractor.SSA(fn)) }

// Sources returns the files in which fixes may be made.
func (e *Engine) Sources() *fix.Sources { return e.sources }
