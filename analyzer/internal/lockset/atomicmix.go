package lockset

import (
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// atomicmix reports the plain accesses to what is accessed atomically elsewhere.
func (v *View) atomicmix(e *Engine) []report.Finding {
	t := v.Guards(e)
	var out []report.Finding
	for _, x := range t.Mixes() {
		f := v.mix(e, t, &x)
		if !v.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// mix words one plain access.
func (v *View) mix(e *Engine, t *guards.Table, x *guards.Mix) report.Finding {
	f := report.Finding{Check: "atomicmix", Package: v.Path, Confidence: x.Confidence}
	place := placeName(x.Place.Class, v.Path)
	if strings.HasSuffix(x.Place.Class, "[]") {
		place = "an element of " + place
	}
	f.Pos = x.Site.Pos
	f.End = f.Pos + token.Pos(len(placeIdent(x.Place)))
	f.Posn = v.pos.fset.Position(f.Pos)
	noun := "plain read of"
	if x.Site.Op == flow.Write {
		noun = "plain write to"
	}
	f.Message = fmt.Sprintf("%s %s, which %s accesses atomically; use %s", noun, place, report.At(v.at(x.Atomic.Pos, "")), advice(x))
	var steps []report.TraceStep
	for _, s := range append([]*guards.Site{x.Atomic}, x.Others...) {
		fr := v.at(s.Pos, e.name(s.Fn))
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s calls atomic.%s for %s at %s", report.Func(fr.Func, v.Path), s.Func(), place, report.At(fr))})
	}
	if x.In.Conf > 0 {
		steps = append(steps, v.rootSteps(e, t, x.In.Root, x.In.Via)...)
	}
	if n := len(x.More); n > 0 {
		fr := v.at(x.More[0].Pos, e.name(x.More[0].Fn))
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s %s %s plainly at %s, the first at %s", report.Func(fr.Func, v.Path), plainVerb(x.More[0]), place, more(n), report.At(fr))})
	}
	v.addSteps(&f, steps)
	f.Fixes = e.mixFixes(x)
	f.Fingerprint = report.Fingerprint(f.Check, x.Place.Class, e.name(x.Site.Fn), fmt.Sprint(x.Site.Op))
	return f
}

// mixFixes returns the fix that changes the type and all uses of the place; if that cannot be done, the one that
// makes the plain accesses of the function atomic. Each is as right as the atomic accesses that are there.
func (e *Engine) mixFixes(x *guards.Mix) []report.Fix {
	f := e.source(x.Site.Fn)
	if f == nil || report.BandOf(x.Confidence) != report.Error || strings.HasSuffix(x.Place.Class, "[]") {
		return nil
	}
	if !x.Place.Copied {
		var seen []token.Pos
		for _, a := range x.Place.All {
			seen = append(seen, a.Pos)
		}
		if fx, ok := e.sources.MakeAtomic(f, x.Site.Pos, seen); ok {
			return []report.Fix{fx}
		}
	}
	at := []token.Pos{x.Site.Pos}
	for _, s := range x.More {
		at = append(at, s.Pos)
	}
	return one(e.sources.PlainAtomic(f, at))
}

func more(n int) string {
	if n == 1 {
		return "1 more line"
	}
	return fmt.Sprintf("%d more lines", n)
}

func plainVerb(s *guards.Site) string {
	if s.Op == flow.Write {
		return "writes"
	}
	return "reads"
}

// placeIdent returns the name that source uses for a place.
func placeIdent(p *guards.AtomicPlace) string {
	class := strings.TrimSuffix(p.Class, "[]")
	return class[strings.LastIndexAny(class, ".@")+1:]
}

// advice tells what to use instead of a plain access.
func advice(x *guards.Mix) string {
	t := atomicType(x.Atomic.Func())
	verb := "Load"
	if x.Site.Op == flow.Write {
		verb = "Store"
		if adds(x.Site.Instr) {
			verb = "Add"
		}
	}
	return fmt.Sprintf("atomic.%s%s or make it an atomic.%s", verb, t, t)
}

// atomicType returns the type in the name of a function of sync/atomic.
func atomicType(fn string) string {
	for _, op := range []string{"CompareAndSwap", "Load", "Store", "Add", "Swap", "And", "Or"} {
		if t, ok := strings.CutPrefix(fn, op); ok {
			return t
		}
	}
	return fn
}

// adds reports whether a store is that of x++, x-- or x += y.
func adds(instr ssa.Instruction) bool {
	st, ok := instr.(*ssa.Store)
	if !ok {
		return false
	}
	b, ok := st.Val.(*ssa.BinOp)
	if !ok || b.Op != token.ADD && b.Op != token.SUB {
		return false
	}
	load, ok := b.X.(*ssa.UnOp)
	return ok && load.Op == token.MUL && sameAddress(load.X, st.Addr)
}

// sameAddress reports whether two addresses in one statement are the same.
func sameAddress(a, b ssa.Value) bool {
	switch x := a.(type) {
	case *ssa.FieldAddr:
		y, ok := b.(*ssa.FieldAddr)
		return ok && x.Field == y.Field && x.X == y.X
	case *ssa.IndexAddr:
		y, ok := b.(*ssa.IndexAddr)
		return ok && x.Index == y.Index && x.X == y.X
	}
	return a == b
}
