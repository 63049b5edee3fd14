package sharedvar

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/objects"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// at returns the access at which a race is reported.
func (r *race) at() side {
	if r.who == threads.Self && r.x.Write {
		return r.x
	}
	return r.y
}

// finding words one race.
func finding(v *lockset.View, r *race) report.Finding {
	f := report.Finding{Check: name, Package: v.Path}
	conf := report.Sure(r.confidence.percent, r.confidence.why)
	f.Weigh(conf)
	place := r.place(r.x)
	x, y := r.x, r.y
	can := verb(conf)
	switch r.who {
	case threads.Self:
		if !x.Write {
			x, y = y, x
		}
		f.Message = fmt.Sprintf("%s is %s by goroutines that %s starts and that run at the same time; they %s", place, written(x, y), r.line(r.start), can)
	case threads.Parent:
		f.Message = fmt.Sprintf("%s is %s by the goroutine started at %s and %s here without waiting for it; the two %s", place, participle(x), r.line(r.start), participle(y), can)
	case callers:
		f.Message = fmt.Sprintf("%s is %s by the goroutine started at %s, which goes on, and %s here by whoever calls %s meanwhile; the two %s",
			place, participle(x), r.line(r.start), participle(y), report.Func(r.caller().Name, v.Path), can)
	case finders:
		f.Message = fmt.Sprintf("%s is %s here, while others that have it from %s may be at it, as %s at %s: what an atomic pointer leads to must not be changed in place; the two %s",
			place, participle(y), shortClass(r.of.Homes[0]), report.Func(x.Access.Fn.Name, v.Path), report.At(lockset.Step(x.Access.Spot)), can)
	case threads.Sibling:
		f.Message = fmt.Sprintf("%s is %s by the goroutine started at %s and %s here by the one started at %s; the two %s",
			place, participle(x), r.line(r.start), participle(y), r.line(r.other), can)
	}
	v.Stand(&f, lockset.Step(r.at().Access.Spot))
	if v.Engine.Sources.NameAt(f.Pos) == r.of.Var() && r.of.Var() != "" {
		f.End += token.Pos(len(r.of.Var()))
	}
	v.AddSteps(&f, steps(v, r, x, y))
	f.Fingerprint = report.Fingerprint(f.Check, r.x.Access.Fn.Name, r.y.Access.Fn.Name, place, fmt.Sprint(uint8(r.who), r.x.Write, r.y.Write))
	f.Fixes = fixes(v, r)
	return f
}

// shortClass is a class without its package.
func shortClass(class string) string {
	class = class[strings.LastIndexByte(class, '/')+1:]
	return class[strings.IndexByte(class, '.')+1:]
}

// caller returns the exported function that leads to the second access.
func (r *race) caller() *effects.Func {
	fn := r.y.Access.Fn
	if len(r.y.Way) > 0 {
		fn = r.y.Way[0].Site.Fn
	}
	return fn.Outermost()
}

// line names the line of a start, with its file if that is another one than that of the finding.
func (r *race) line(run *threads.Run) string {
	if fr := lockset.Step(run.Site); fr.File != lockset.Step(r.at().Access.Spot).File {
		return report.At(fr)
	}
	return fmt.Sprintf("line %d", run.Site.Pos().Line)
}

// steps returns the proof of a race: what starts the goroutines, the calls that lead to the accesses, and these.
func steps(v *lockset.View, r *race, x, y side) []report.TraceStep {
	var out []report.TraceStep
	done := map[threads.Spot]bool{}
	step := func(at threads.Spot, format string, args ...any) {
		if done[at] {
			return
		}
		done[at] = true
		fr := lockset.Step(at)
		out = append(out, report.TraceStep{Frame: fr, Message: fmt.Sprintf(format, append([]any{report.Func(fr.Func, v.Path), report.At(fr)}, args...)...)})
	}
	way := func(s side) {
		for _, run := range s.Way {
			callee := report.Func(run.Fn.Name, v.Path)
			switch {
			case run.Kind.Starts() && run == r.start:
				step(run.Site, "%s starts the goroutine at %s")
			case run.Kind.Starts():
				step(run.Site, "%s starts the other goroutine at %s")
			case run.Fn.Parent == nil && run.Kind == threads.Deferred:
				step(run.Site, "%s defers %[3]s at %[2]s", callee)
			case run.Fn.Parent == nil:
				step(run.Site, "%s calls %[3]s at %[2]s", callee)
			}
		}
		step(s.Access.Spot, "%s "+does(s)+" "+r.place(s)+" at %s")
	}
	way(x)
	way(y)
	return out
}

// fixes returns the fix that gives a goroutine a variable of its own, if nobody else wants what it assigns.
func fixes(v *lockset.View, r *race) []report.Fix {
	if r.own == 0 {
		return nil
	}
	fn := v.Engine.Source(r.x.Access.Fn)
	if fn == nil {
		return nil
	}
	if fix, ok := fn.Declare(v.Pos(lockset.Step(threads.Spot{Fn: r.x.Access.Fn, V: r.own}))); ok {
		return []report.Fix{fix}
	}
	return nil
}

func verb(c report.Confidence) string {
	if c.Band() == report.Error {
		return "race"
	}
	return "can race"
}

// place returns what an access is to as a message shows it.
func (r *race) place(a side) string {
	place, content := a.Place.Content()
	switch name := r.of.Name(place); {
	case content && isMap(a.Access):
		return "the map " + name
	case content && strings.HasSuffix(string(a.Place), "[+]"):
		return "the room behind " + name
	case content:
		return "what " + name + " holds"
	default:
		return name
	}
}

// isMap reports whether an access is one to what a map holds.
func isMap(a *objects.Access) bool {
	in := a.Fn.At(a.V)
	switch in.Op {
	case effects.MapUpdate, effects.Lookup, effects.Range, effects.Next:
		return true
	case effects.Builtin:
		t := a.Fn.At(in.Args[0]).Type
		return t != nil && t.Kind == effects.Map
	}
	return false
}

// assigns reports whether an access assigns the place itself.
func assigns(a side) bool { return a.Access.Fn.At(a.Access.V).Op == effects.Store }

func participle(a side) string {
	switch {
	case !a.Write:
		return "read"
	case assigns(a):
		return "assigned"
	case a.Call:
		return "changed"
	}
	return "written"
}

func does(a side) string {
	switch {
	case !a.Write:
		return "reads"
	case assigns(a):
		return "assigns"
	case a.Call:
		return "changes"
	}
	return "writes"
}

// written tells what goroutines do with an object, of which one does x and another y.
func written(x, y side) string {
	if x.Write && y.Write {
		return participle(x)
	}
	if !x.Write {
		x, y = y, x
	}
	return participle(x) + " and read"
}
