package lockset

import (
	"fmt"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Guards returns the table of guards of the package, which is made once.
func (v *View) Guards(e *Engine) *guards.Table {
	if e.tables[v.Path] == nil {
		if e.tables == nil {
			e.tables = map[string]*guards.Table{}
		}
		e.tables[v.Path] = v.makeGuards(e)
	}
	return e.tables[v.Path]
}

// Require notes in the section of the package what its functions require of callers in other packages.
func (v *View) Require(e *Engine) {
	for fn, classes := range v.Guards(e).Requires {
		if v.Own.Requires == nil {
			v.Own.Requires = map[string][]string{}
		}
		v.Own.Requires[fn.Key] = classes
	}
}

func (v *View) makeGuards(e *Engine) *guards.Table {
	in := &guards.Input{
		Path: v.Path, Fset: e.in.Fset, Facts: e.prog.Facts(),
		Result: func(fn *effects.Func) *held.Result {
			if fn.ID < 0 {
				return nil
			}
			return e.prog.Results[fn.ID]
		},
		Requires: func(pkg, key string) []string {
			s := v.Below[pkg]
			if s == nil || !v.ours(pkg) {
				return nil
			}
			return s.Required(key)
		},
	}
	in.Funcs = e.Funcs(v.Path)
	dirs := map[string]bool{}
	for _, fn := range in.Funcs {
		if fn.Pos.IsValid() {
			dirs[filepath.Dir(fn.Unit.Files[fn.Pos.File])] = true
		}
	}
	files := map[string]bool{}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		for _, f := range e.packages().files[dir] {
			if name := e.in.Fset.Position(f.Package).Filename; !files[name] && !strings.HasSuffix(name, "_test.go") {
				files[name] = true
				in.Files = append(in.Files, f)
			}
		}
	}
	return guards.Analyze(in)
}

// unguarded reports the accesses that do not hold the guard of what they touch.
func (v *View) unguarded(e *Engine) []report.Finding {
	t := v.Guards(e)
	var out []report.Finding
	for _, x := range t.Violations() {
		f := v.violation(e, t, &x)
		if !v.Suppressed(&f) {
			out = append(out, f)
		}
	}
	return out
}

// violation words one access without its guard.
func (v *View) violation(e *Engine, t *guards.Table, x *guards.Violation) report.Finding {
	f := report.Finding{Check: "unguarded", Package: v.Path}
	f.Weigh(x.Confidence)
	if x.Kind == guards.Foreign {
		return v.foreign(e, t, x, f)
	}
	place, guard := placeName(x.Place.Class, v.Path), report.Lock(lockgraph.Class(x.Guard.Class), v.Path)
	what := accessNoun(x.Site, place)
	f.Posn = posn(x.Site.Frame())
	f.Pos = e.tokenPos(x.Site.Frame())
	f.End = f.Pos + token.Pos(len(lastName(x.Place.Class)))
	because := fmt.Sprintf("which is held at %d of its %d other accesses", min(x.Guard.Held, x.Guard.Total-1), x.Guard.Total-1)
	if d := x.Guard.Declared; d != nil {
		because = fmt.Sprintf("as its declaration at %s requires", report.At(v.at(d.Pos, "")))
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
		e.atCall(&f, x.Call.Site)
		callee := report.Func(nameOf(&x.Call.Use), v.Path)
		f.Message = fmt.Sprintf("calling %s without holding %s, with which other calls protect its %s at %s", callee, guard, what, report.At(x.Site.Frame()))
	}
	f.Fixes = e.guardFixes(x)
	var steps []report.TraceStep
	if x.Kind == guards.Lockless {
		x.Guarded = nil
	}
	for _, s := range x.Guarded {
		fr := s.Frame()
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s %s with %s held at %s", report.Func(fr.Func, v.Path), accessVerb(s, place), guard, report.At(fr))})
	}
	steps = append(steps, v.rootSteps(t, x.In.Root, x.In.Via)...)
	if n := len(x.Calls); n > 0 {
		fr := FrameOf(x.Calls[0].Site)
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("the same lock is missing at %s, the first at %s", count(n), report.At(fr))})
	} else if n := len(x.More); n > 0 {
		fr := x.More[0].Frame()
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("the same lock is missing at %s, the first at %s", accesses(n), report.At(fr))})
	}
	v.addSteps(&f, steps)
	f.Fingerprint = report.Fingerprint(f.Check, x.Place.Class, x.Guard.Class, x.Site.Fn.Name, fmt.Sprint(x.Kind, x.Site.Op))
	return f
}

// foreign words the call of a function of another package without the lock that it requires.
func (v *View) foreign(e *Engine, t *guards.Table, x *guards.Violation, f report.Finding) report.Finding {
	e.atCall(&f, x.Call.Site)
	callee := report.Func(nameOf(&x.Call.Use), v.Path)
	guard := report.Lock(lockgraph.Class(x.Guard.Class), v.Path)
	f.Message = fmt.Sprintf("calling %s without holding %s, which its callers must hold", callee, guard)
	v.addSteps(&f, v.rootSteps(t, x.In.Root, x.In.Via))
	if n := len(x.Calls); n > 0 {
		fr := FrameOf(x.Calls[0].Site)
		v.addSteps(&f, []report.TraceStep{{Frame: fr, Message: fmt.Sprintf("the same lock is missing at %s, the first at %s", count(n), report.At(fr))}})
	}
	f.Fingerprint = report.Fingerprint(f.Check, x.Guard.Class, x.Call.Site.Fn.Name, nameOf(&x.Call.Use))
	return f
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

// rootSteps tells how an access comes to run beside others.
func (v *View) rootSteps(t *guards.Table, root int, via *guards.Link) []report.TraceStep {
	var steps []report.TraceStep
	var links []*guards.Link
	for l := via; l != nil; l = l.Up {
		links = append(links, l)
	}
	slices.Reverse(links)
	for _, l := range links {
		fr := FrameOf(l.Site)
		verb := "calls"
		switch l.Kind {
		case guards.Started:
			verb = "runs"
		case guards.Handed:
			verb = "hands on"
		}
		msg := fmt.Sprintf("%s %s %s", report.Func(fr.Func, v.Path), verb, report.Func(nameOf(&l.Use), v.Path))
		if l.Kind == guards.Started {
			msg += " in a new goroutine"
		}
		steps = append(steps, report.TraceStep{Frame: fr, Message: msg})
	}
	r := t.Roots[root]
	if len(links) == 0 && r.Kind == guards.Callback && r.Site.Fn != nil {
		fr := FrameOf(r.Site)
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s keeps %s, to be called later", report.Func(fr.Func, v.Path), report.Func(r.Fn.Name, v.Path))})
	}
	return steps
}

func (v *View) at(pos token.Pos, fn string) lockgraph.Frame {
	p := v.pos.fset.Position(pos)
	return lockgraph.Frame{Func: fn, File: p.Filename, Line: p.Line, Col: p.Column}
}

// placeName returns a place as a message shows it.
func placeName(class, from string) string {
	return ident.Short(strings.TrimSuffix(class, "[]"), from)
}

func (v *View) line(pos token.Pos) int { return v.pos.fset.Position(pos).Line }

func lastName(class string) string {
	class = strings.TrimSuffix(class, "[]")
	return class[strings.LastIndexByte(class, '.')+1:]
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

// atCall puts a finding at a call.
func (e *Engine) atCall(f *report.Finding, p threads.Spot) {
	f.Posn = posn(FrameOf(p))
	f.Pos, f.End = e.span(e.extractor.Instr(p.Fn, p.V))
}

// nameOf returns the name of a function that is used, as witnesses have it.
func nameOf(u *guards.Use) string {
	if u.Fn != nil {
		return u.Fn.Name
	}
	return u.Pkg + "." + strings.Replace(u.Key, u.Pkg+".", "", 1)
}
