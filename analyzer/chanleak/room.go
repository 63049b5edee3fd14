package chanleak

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
)

// roomFixes returns the fix of a goroutine that is left behind with its one send: to give the channel room for the value. Nothing else changes but that the
// goroutine does not wait for the receiver: there is no other send, and behind it the goroutine only ends.
func (s *scene) roomFixes(t thread, op waits.Op) []report.Fix {
	made := s.o.Made
	if op.Kind != waits.Send || op.Fn != t.fn || s.o.Size != 0 || s.o.Asked || s.goesOn(t, op) {
		return nil
	}
	for _, o := range s.o.Ops {
		if o.Kind == waits.Send && (o.Fn != t.fn || o.Case > 0 || o.V != op.V && (t.fn.Reaches(o.V, op.V, nil) || t.fn.Reaches(op.V, o.V, nil)) || s.goesOn(t, o)) {
			return nil
		}
	}
	f := s.Engine.Source(made.Fn)
	if f == nil {
		return nil
	}
	return fix.One(f.Room(s.Engine.Pos(made.Fn, made.V)))
}

// goesOn reports whether a goroutine does something behind an operation, other than to close the channel, to cancel a context and to end.
func (s *scene) goesOn(t thread, op waits.Op) bool {
	fn, busy := t.fn, false
	fn.Follow(op.V, func(v V) bool {
		switch in := fn.At(v); in.Op {
		case effects.Jump, effects.If, effects.Return, effects.RunDefers, effects.Load, effects.Close:
		default:
			busy = true
		}
		return !busy
	})
	for v := fn.First; int(v) < len(fn.Code); v++ {
		if in := fn.At(v); in.How == effects.Deferred && in.Op != effects.Close && !cancels(fn, in) {
			return true
		}
	}
	return busy || fn.Graph().Loop[op.At().Block]
}

// cancels reports whether a call is that of a function by which a context is canceled.
func cancels(fn *effects.Func, call *effects.Instr) bool {
	if call.Op != effects.Call || call.Flags&effects.Dynamic == 0 {
		return false
	}
	ex := fn.At(call.Args[0])
	if ex.Op != effects.Extract || ex.Index != 1 {
		return false
	}
	made := fn.At(ex.Args[0])
	return made.Op == effects.Call && made.Class == "context" && strings.HasPrefix(made.Sym, "context.With")
}
