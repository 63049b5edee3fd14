package held

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// maxCallbacks bounds the callbacks within callbacks that are followed.
const maxCallbacks = 4

// applyCallParam expands a callee's call of a function it was given.
func (w *walker) applyCallParam(st *state, at V, t resolve.Target, via summary.Event, p ident.Path) {
	if w.depth >= maxCallbacks {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	// via.Chain starts with the frame in w.fn, which apply adds again.
	via.Chain = via.Chain.Next
	var arg V
	switch i := p.Index(); {
	case p.Kind == ident.Param && i < len(t.Args):
		arg = t.Args[i]
	case p.Kind == ident.Free && i < len(t.Free):
		arg = t.Free[i]
		if w.Op(arg) == effects.Alloc {
			arg = w.Cell(arg).Single()
		}
	}
	if arg == 0 {
		return
	}
	var f resolve.Target
	var ok bool
	if field, _, in := p.FirstField(); in {
		if f, ok = w.FieldFunction(arg, field); !ok || f.Fn == nil {
			return
		}
		f.Args = make([]V, len(f.Fn.Params))
	} else if via.Method == "" {
		if f, ok = w.Function(arg); ok && f.Fn != nil {
			f.Args = make([]V, len(f.Fn.Params))
		}
	} else {
		f, ok = w.MethodOf(arg, via.Method)
	}
	if !ok {
		w.callParam(st, at, arg, via.Method, &via)
		return
	}
	if f.Fn == w.fn {
		return
	}
	if f.Fn != nil {
		w.rec.escape(f.Fn)
	}
	w.apply(st, at, f, &via)
}
