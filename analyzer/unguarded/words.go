package unguarded

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// find reports the accesses that do not hold the guard of what they touch.
func find(lv *lockset.View) []report.Finding {
	if len(lv.Engine.Funcs) == 0 {
		return nil
	}
	v := view{lv}
	t := v.Guards()
	var out []report.Finding
	for _, x := range t.Violations() {
		f := v.violation(t, &x)
		if !v.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// violation words one access without its guard.
func (v view) violation(t *guards.Table, x *guards.Violation) report.Finding {
	f := report.Finding{Check: name, Package: v.Path}
	f.Weigh(x.Confidence)
	if x.Kind == guards.Foreign {
		return v.foreign(t, x, f)
	}
	place, guard := lockset.PlaceName(x.Place.Class, v.Path), report.Lock(lockgraph.Class(x.Guard.Class), v.Path)
	what := accessNoun(x.Site, place)
	v.Stand(&f, x.Site.Frame())
	f.End = f.Pos + token.Pos(len(lastName(x.Place.Class)))
	because := fmt.Sprintf("which is held at %d of its %d other accesses", min(x.Guard.Held, x.Guard.Total-1), x.Guard.Total-1)
	if d := x.Guard.Declared; d != nil {
		because = fmt.Sprintf("as its declaration at %s requires", report.At(v.declaration(d.Pos)))
	}
	switch x.Kind {
	case guards.Unlocked:
		f.Message = fmt.Sprintf("%s without holding %s, %s", what, guard, because)
	case guards.ReadLocked:
		f.Message = fmt.Sprintf("%s while %s is only read-locked: other readers run at the same time", what, guard)
	case guards.Unchecked:
		f.Message = fmt.Sprintf("%s without holding %s, before it is read again at line %d with %s held: the first read races with the write at %s",
			what, guard, x.Again.Pos.Line, guard, report.At(x.Other.Frame()))
	case guards.Lockless:
		r := t.Roots[x.In.Root]
		why := "which a loop starts"
		if r.Serves {
			why = "which handles many requests at once"
		}
		f.Message = fmt.Sprintf("%s without any lock by %s, %s", what, report.Func(r.Fn.Name, v.Path), why)
	case guards.Escaped:
		f.Message = fmt.Sprintf("%s hands out the %s of %s, whose content %s guards: ", report.Func(x.Site.Fn.Name, v.Path), containerName(x.Out), place, guard)
		if x.Use != nil {
			fr := x.Use.Frame()
			does := "reads"
			if x.Use.Op == access.Write {
				does = "writes"
			}
			f.Message += fmt.Sprintf("%s %s it without the lock at %s", report.Func(fr.Func, v.Path), does, report.At(fr))
		} else {
			f.Message += fmt.Sprintf("its callers do not hold the lock, and %s writes it at %s", report.Func(x.Other.Fn.Name, v.Path), report.At(x.Other.Frame()))
		}
	case guards.Helper:
		v.StandAt(&f, x.Call.Site.Fn, x.Call.Site.V)
		callee := report.Func(lockset.NameOf(&x.Call.Use), v.Path)
		f.Message = fmt.Sprintf("calling %s without holding %s, with which other calls protect its %s at %s", callee, guard, what, report.At(x.Site.Frame()))
	}
	f.Fixes = v.fixes(x)
	var steps []report.TraceStep
	if x.Kind == guards.Lockless {
		x.Guarded = nil
	}
	for _, s := range x.Guarded {
		fr := s.Frame()
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s %s with %s held at %s", report.Func(fr.Func, v.Path), accessVerb(s, place), guard, report.At(fr))})
	}
	steps = append(steps, v.RootSteps(t, x.In.Root, x.In.Via)...)
	if n := len(x.Calls); n > 0 {
		steps = append(steps, missing(report.Count(n, "more such call"), frames(x.Calls, func(l *guards.Link) lockgraph.Frame { return lockset.Step(l.Site) })))
	} else if n := len(x.More); n > 0 {
		steps = append(steps, missing(accesses(n), frames(x.More, (*guards.Site).Frame)))
	}
	v.AddSteps(&f, steps)
	f.Fingerprint = report.Fingerprint(f.Check, x.Place.Class, x.Guard.Class, x.Site.Fn.Name, fmt.Sprint(x.Kind, x.Site.Op))
	return f
}

// foreign words the call of a function of another package without the lock that it requires.
func (v view) foreign(t *guards.Table, x *guards.Violation, f report.Finding) report.Finding {
	v.StandAt(&f, x.Call.Site.Fn, x.Call.Site.V)
	callee := report.Func(lockset.NameOf(&x.Call.Use), v.Path)
	guard := report.Lock(lockgraph.Class(x.Guard.Class), v.Path)
	f.Message = fmt.Sprintf("calling %s without holding %s, which its callers must hold", callee, guard)
	v.AddSteps(&f, v.RootSteps(t, x.In.Root, x.In.Via))
	if n := len(x.Calls); n > 0 {
		v.AddSteps(&f, []report.TraceStep{missing(report.Count(n, "more such call"), frames(x.Calls, func(l *guards.Link) lockgraph.Frame { return lockset.Step(l.Site) }))})
	}
	f.Fingerprint = report.Fingerprint(f.Check, x.Guard.Class, x.Call.Site.Fn.Name, lockset.NameOf(&x.Call.Use))
	return f
}

// frames returns where each of some things is, in order.
func frames[T any](xs []T, at func(T) lockgraph.Frame) []lockgraph.Frame {
	fs := make([]lockgraph.Frame, len(xs))
	for i, x := range xs {
		fs[i] = at(x)
	}
	return fs
}

// missing returns the step that tells where else a lock is missing.
func missing(what string, at []lockgraph.Frame) report.TraceStep {
	places := make([]string, len(at))
	for i, fr := range at {
		places[i] = report.At(fr)
	}
	return report.TraceStep{Frame: at[0], Message: fmt.Sprintf("the same lock is missing at %s: %s", what, strings.Join(places, ", "))}
}

// containerName says what escapes.
func containerName(x *guards.Escape) string {
	if t := x.Fn.At(x.V).Type; t != nil && t.Kind == effects.Map {
		return "map"
	}
	return "slice"
}

func accesses(n int) string {
	if n == 1 {
		return "1 more access"
	}
	return fmt.Sprintf("%d more accesses", n)
}

// accessNoun names an access: "write to T.f", "read of T.f".
func accessNoun(s *guards.Site, place string) string {
	content := ""
	if strings.HasSuffix(s.Class, "[]") {
		content = "the content of "
	}
	if s.Op == access.Write {
		return "write to " + content + place
	}
	return "read of " + content + place
}

func accessVerb(s *guards.Site, place string) string {
	if strings.HasSuffix(s.Class, "[]") {
		place = "the content of " + place
	}
	if s.Op == access.Write {
		return "writes " + place
	}
	return "reads " + place
}

func (v view) declaration(pos token.Pos) lockgraph.Frame {
	p := v.Position(pos)
	return lockgraph.Frame{File: p.Filename, Line: p.Line, Col: p.Column}
}

func lastName(class string) string {
	class = access.Base(class)
	return class[strings.LastIndexByte(class, '.')+1:]
}
