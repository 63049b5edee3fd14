package atomicmix

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// find reports the plain accesses to what is accessed atomically elsewhere.
func find(lv *lockset.View) []report.Finding {
	if len(lv.Engine.Funcs) == 0 {
		return nil
	}
	v := view{lv}
	t := v.Guards()
	var out []report.Finding
	for _, x := range t.Mixes() {
		f := v.mix(t, &x)
		if !v.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// mix words one plain access.
func (v view) mix(t *guards.Table, x *guards.Mix) report.Finding {
	f := report.Finding{Check: name, Package: v.Path}
	f.Weigh(x.Confidence)
	place := lockset.PlaceName(x.Place.Class, v.Path)
	if strings.HasSuffix(x.Place.Class, "[]") {
		place = "an element of " + place
	}
	v.Stand(&f, x.Site.Frame())
	f.End = f.Pos + token.Pos(len(placeIdent(x.Place)))
	noun := "plain read of"
	if x.Site.Op == access.Write {
		noun = "plain write to"
	}
	f.Message = fmt.Sprintf("%s %s, which %s accesses atomically; use %s", noun, place, report.At(x.Atomic.Frame()), advice(x))
	var steps []report.TraceStep
	for _, s := range append([]*guards.Site{x.Atomic}, x.Others...) {
		fr := s.Frame()
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s calls atomic.%s for %s at %s", report.Func(fr.Func, v.Path), s.Func(), place, report.At(fr))})
	}
	if x.In.Conf > 0 {
		steps = append(steps, v.RootSteps(t, x.In.Root, x.In.Via)...)
	}
	if n := len(x.More); n > 0 {
		fr := x.More[0].Frame()
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s %s %s plainly at %s, the first at %s", report.Func(fr.Func, v.Path), plainVerb(x.More[0]), place, more(n), report.At(fr))})
	}
	v.AddSteps(&f, steps)
	f.Fixes = v.fixes(x)
	f.Fingerprint = report.Fingerprint(f.Check, x.Place.Class, x.Site.Fn.Name, fmt.Sprint(x.Site.Op))
	return f
}

// fixes returns the fix that changes the type and all uses of the place; if that cannot be done, the one that
// makes the plain accesses of the function atomic. Each is as right as the atomic accesses that are there.
func (v view) fixes(x *guards.Mix) []report.Fix {
	e := v.Engine
	f := e.Source(x.Site.Fn)
	if f == nil || x.Confidence.Band() != report.Error || strings.HasSuffix(x.Place.Class, "[]") {
		return nil
	}
	if !x.Place.Copied {
		var seen []token.Pos
		for _, a := range x.Place.All {
			seen = append(seen, e.Syntax.Pos(a.Fn, a.Pos))
		}
		if fx, ok := e.Sources.MakeAtomic(f, e.Syntax.Pos(x.Site.Fn, x.Site.Pos), seen); ok {
			return []report.Fix{fx}
		}
	}
	at := []token.Pos{e.Syntax.Pos(x.Site.Fn, x.Site.Pos)}
	for _, s := range x.More {
		at = append(at, e.Syntax.Pos(s.Fn, s.Pos))
	}
	return fix.One(e.Sources.PlainAtomic(f, at))
}

func more(n int) string {
	if n == 1 {
		return "1 more line"
	}
	return fmt.Sprintf("%d more lines", n)
}

func plainVerb(s *guards.Site) string {
	if s.Op == access.Write {
		return "writes"
	}
	return "reads"
}

// placeIdent returns the name that source uses for a place.
func placeIdent(p *guards.AtomicPlace) string {
	class := access.Base(p.Class)
	return class[strings.LastIndexAny(class, ".@")+1:]
}

// advice tells what to use instead of a plain access.
func advice(x *guards.Mix) string {
	t := atomicType(x.Atomic.Func())
	verb := "Load"
	if x.Site.Op == access.Write {
		verb = "Store"
		if adds(x.Site) {
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

// adds reports whether an access is the store of x++, x-- or x += y: what is stored is a sum, and x was read right before.
func adds(s *guards.Site) bool {
	st := s.Fn.At(s.V)
	if st.Op != effects.Store {
		return false
	}
	sum := s.Fn.At(st.Args[1])
	if sum.Op != effects.Opaque || sum.Sym != "+" && sum.Sym != "-" {
		return false
	}
	for v := s.Fn.Blocks[st.Block].First; v < s.V; v++ {
		if load := s.Fn.At(v); load.Op == effects.Load && load.Pos.Line == s.Pos.Line && sameAddress(s.Fn, load.Args[0], st.Args[0]) {
			return true
		}
	}
	return false
}

// sameAddress reports whether two addresses in one statement are the same.
func sameAddress(fn *effects.Func, a, b effects.V) bool {
	x, y := fn.At(a), fn.At(b)
	return a == b || (x.Op == effects.Field || x.Op == effects.Elem) && x.Op == y.Op && x.Sym == y.Sym && slices.Equal(x.Args, y.Args)
}
