package lockset

import (
	"fmt"
	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/guards"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Guards returns the table of guards of the package, which is made once.
func (v *View) Guards() *guards.Table {
	e := v.Engine
	if e.tables[v.Path] == nil {
		if e.tables == nil {
			e.tables = map[string]*guards.Table{}
		}
		e.tables[v.Path] = v.makeGuards()
	}
	return e.tables[v.Path]
}

// Require notes in the section of the package what its functions require of callers in other packages.
func (v *View) Require() {
	for fn, classes := range v.Guards().Requires {
		if v.Own.Requires == nil {
			v.Own.Requires = map[string][]string{}
		}
		v.Own.Requires[fn.Key] = classes
	}
}

func (v *View) makeGuards() *guards.Table {
	e := v.Engine
	in := &guards.Input{
		Path: v.Path, Fset: e.in.Fset, Facts: e.Facts(),
		Result: func(fn *effects.Func) *held.Result {
			if fn.ID < 0 {
				return nil
			}
			return e.Results[fn.ID]
		},
		Requires: func(pkg, key string) []string {
			s := v.Below[pkg]
			if s == nil || !v.Ours(pkg) {
				return nil
			}
			return s.Required(key)
		},
	}
	in.Funcs = e.InPackage(v.Path)
	dirs := map[string]bool{}
	for _, fn := range in.Funcs {
		if fn.Pos.IsValid() {
			dirs[filepath.Dir(fn.Unit.Files[fn.Pos.File])] = true
		}
	}
	files := map[string]bool{}
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		for _, f := range e.pkgs().files[dir] {
			if name := e.in.Fset.Position(f.Package).Filename; !files[name] && !strings.HasSuffix(name, "_test.go") {
				files[name] = true
				in.Files = append(in.Files, f)
			}
		}
	}
	return guards.Analyze(in)
}

// RootSteps tells how an access comes to run beside others.
func (v *View) RootSteps(t *guards.Table, root int, via *guards.Link) []report.TraceStep {
	var steps []report.TraceStep
	var links []*guards.Link
	for l := via; l != nil; l = l.Up {
		links = append(links, l)
	}
	slices.Reverse(links)
	for _, l := range links {
		fr := Step(l.Site)
		verb := "calls"
		switch l.Kind {
		case guards.Started:
			verb = "runs"
		case guards.Handed:
			verb = "hands on"
		}
		msg := fmt.Sprintf("%s %s %s", report.Func(fr.Func, v.Path), verb, report.Func(NameOf(&l.Use), v.Path))
		if l.Kind == guards.Started {
			msg += " in a new goroutine"
		}
		steps = append(steps, report.TraceStep{Frame: fr, Message: msg})
	}
	r := t.Roots[root]
	if len(links) == 0 && r.Kind == guards.Callback && r.Site.Fn != nil {
		fr := Step(r.Site)
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf("%s keeps %s, to be called later", report.Func(fr.Func, v.Path), report.Func(r.Fn.Name, v.Path))})
	}
	return steps
}

// Step returns the witness step of a spot; what has no position has that of the function.
func Step(at threads.Spot) lockgraph.Frame {
	pos := at.Pos()
	if !pos.IsValid() {
		pos = at.Fn.Pos
	}
	return held.FrameAt(at.Fn, pos)
}

// PlaceName returns a place as a message shows it.
func PlaceName(class, from string) string {
	return ident.Short(access.Base(class), from)
}

// NameOf returns the name of a function that is used, as witnesses have it.
func NameOf(u *guards.Use) string {
	if u.Fn != nil {
		return u.Fn.Name
	}
	return u.Pkg + "." + strings.Replace(u.Key, u.Pkg+".", "", 1)
}
