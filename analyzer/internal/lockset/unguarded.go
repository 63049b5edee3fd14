package lockset

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
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
		v.Own.Requires[FuncKey(fn)] = classes
	}
}

func (v *View) makeGuards(e *Engine) *guards.Table {
	in := &guards.Input{
		Env: e, Fset: e.in.Fset, Path: v.Path, InTest: e.inTest,
		Result: func(fn *ssa.Function) *flow.Result {
			if i, ok := e.index[fn]; ok {
				return e.results[i]
			}
			return nil
		},
	}
	in.Requires = func(fn *ssa.Function) []string {
		s := v.Below[flow.PackageOf(fn)]
		if s == nil || !v.ours(flow.PackageOf(fn)) {
			return nil
		}
		return s.Required(FuncKey(fn))
	}
	dirs := map[string]bool{}
	for _, fn := range e.distinct(v.Path) {
		if fn.Pos().IsValid() {
			dirs[filepath.Dir(e.in.Fset.Position(fn.Pos()).Filename)] = true
		}
		in.Funcs = append(in.Funcs, fn)
		in.Main = in.Main || inMain(fn)
		if fn.Pkg != nil && (in.Pkg == nil || !e.inTest(fn)) {
			in.Pkg = fn.Pkg.Pkg
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
	f := report.Finding{Check: "unguarded", Package: v.Path, Confidence: x.Confidence}
	if x.Kind == guards.Foreign {
		return v.foreign(e, t, x, f)
	}
	place, guard := placeName(x.Place.Class, v.Path), report.Lock(lockgraph.Class(x.Guard.Class), v.Path)
	what := accessNoun(x.Site, place)
	f.Pos = x.Site.Pos
	f.End = f.Pos + token.Pos(len(lastName(x.Place.Class)))
	because := fmt.Sprintf("which is held at %d of its %d other accesses", x.Guard.Held, x.Guard.Total-1)
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
			what, guard, v.line(x.Again.Pos), guard, report.At(v.at(x.Other.Pos, "")))
	case guards.Lockless:
		r := t.Roots[x.In.Root]
		why := "which a loop starts"
		if r.Serves {
			why = "which handles many requests at once"
		}
		f.Message = fmt.Sprintf("%s without any lock by %s, %s", what, report.Func(e.name(r.Fn), v.Path), why)
	case guards.Escaped:
		f.Message = fmt.Sprintf("%s hands out the %s of %s, whose content %s guards: ", report.Func(e.name(x.Site.Fn), v.Path), containerName(x.Out), place, guard)
		if x.Use != nil {
			fr := v.at(x.Use.Pos, e.name(x.Use.Fn))
			does := "reads"
			if x.Use.Op == flow.Write {
				does = "writes"
			}
			f.Message += fmt.Sprintf("%s %s it without the lock at %s", report.Func(fr.Func, v.Path), does, report.At(fr))
		} else {
			f.Message += fmt.Sprintf("its callers do not hold the lock, and %s writes it at %s", report.Func(e.name(x.Other.Fn), v.Path), report.At(v.at(x.Other.Pos, "")))
		}
	case guards.Helper:
		f.Pos, f.End = e.span(x.Call.Use.Site)
		callee := report.Func(e.name(x.Call.Use.Callee), v.Path)
		f.Message = fmt.Sprintf("calling %s without holding %s, with which other calls protect its %s at %s", callee, guard, what, report.At(v.at(x.Site.Pos, "")))
	}
	f.Fixes = e.guardFixes(x)
	f.Posn = v.pos.fset.Position(f.Pos)
	var steps []report.TraceStep
	if x.Kind == guards.Lockless {
		x.Guarded = nil
	}
	for _, s := range x.Guarded {
		fr := v.at(s.Pos, e.name(s.Fn))
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s %s with %s held at %s", report.Func(fr.Func, v.Path), accessVerb(s, place), guard, report.At(fr))})
	}
	steps = append(steps, v.rootSteps(e, t, x.In.Root, x.In.Via)...)
	if n := len(x.Calls); n > 0 {
		fr := e.Frame(x.Calls[0].Use.Site)
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("the same lock is missing at %s, the first at %s", count(n), report.At(fr))})
	} else if n := len(x.More); n > 0 {
		fr := v.at(x.More[0].Pos, e.name(x.More[0].Fn))
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("the same lock is missing at %s, the first at %s", accesses(n), report.At(fr))})
	}
	v.addSteps(&f, steps)
	f.Fingerprint = report.Fingerprint(f.Check, x.Place.Class, x.Guard.Class, e.name(x.Site.Fn), fmt.Sprint(x.Kind, x.Site.Op))
	return f
}

// foreign words the call of a function of another package without the lock that it requires.
func (v *View) foreign(e *Engine, t *guards.Table, x *guards.Violation, f report.Finding) report.Finding {
	f.Pos, f.End = e.span(x.Call.Use.Site)
	f.Posn = v.pos.fset.Position(f.Pos)
	callee := report.Func(e.name(x.Call.Use.Callee), v.Path)
	guard := report.Lock(lockgraph.Class(x.Guard.Class), v.Path)
	f.Message = fmt.Sprintf("calling %s without holding %s, which its callers must hold", callee, guard)
	v.addSteps(&f, v.rootSteps(e, t, x.In.Root, x.In.Via))
	if n := len(x.Calls); n > 0 {
		fr := e.Frame(x.Calls[0].Use.Site)
		v.addSteps(&f, []report.TraceStep{{Frame: fr, Message: fmt.Sprintf("the same lock is missing at %s, the first at %s", count(n), report.At(fr))}})
	}
	f.Fingerprint = report.Fingerprint(f.Check, x.Guard.Class, e.name(x.Call.Use.Site.Parent()), e.name(x.Call.Use.Callee))
	return f
}

// containerName says what escapes.
func containerName(x *guards.Escape) string {
	if v, ok := x.Instr.(ssa.Value); ok {
		if _, ok := v.Type().Underlying().(*types.Map); ok {
			return "map"
		}
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
func (v *View) rootSteps(e *Engine, t *guards.Table, root int, via *guards.Link) []report.TraceStep {
	var steps []report.TraceStep
	var links []*guards.Link
	for l := via; l != nil; l = l.Up {
		links = append(links, l)
	}
	slices.Reverse(links)
	for _, l := range links {
		site := l.Use.Site
		fr := e.Frame(site)
		verb := "calls"
		switch l.Use.Kind {
		case flow.Started:
			verb = "runs"
		case flow.Handed:
			verb = "hands on"
		}
		msg := fmt.Sprintf("%s %s %s", report.Func(fr.Func, v.Path), verb, report.Func(e.name(l.Use.Callee), v.Path))
		if l.Use.Kind == flow.Started {
			msg += " in a new goroutine"
		}
		steps = append(steps, report.TraceStep{Frame: fr, Message: msg})
	}
	r := t.Roots[root]
	if len(links) == 0 && r.Kind == guards.Callback && r.Site != nil {
		fr := e.Frame(r.Site)
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s keeps %s, to be called later", report.Func(fr.Func, v.Path), report.Func(e.name(r.Fn), v.Path))})
	}
	return steps
}

func (v *View) at(pos token.Pos, fn string) lockgraph.Frame {
	p := v.pos.fset.Position(pos)
	return lockgraph.Frame{Func: fn, File: p.Filename, Line: p.Line, Col: p.Column}
}

func (v *View) line(pos token.Pos) int { return v.pos.fset.Position(pos).Line }

// placeName returns a place as a message shows it.
func placeName(class, from string) string {
	return ident.Short(strings.TrimSuffix(class, "[]"), from)
}

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
	if s.Op == flow.Write {
		return "write to " + content + place
	}
	return "read of " + content + place
}

func accessVerb(s *guards.Site, place string) string {
	if strings.HasSuffix(s.Class, "[]") {
		place = "the content of " + place
	}
	if s.Op == flow.Write {
		return "writes " + place
	}
	return "reads " + place
}
