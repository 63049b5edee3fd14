package sharedvar

import (
	"fmt"
	"go/token"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// at returns the access at which a race is reported.
func (r *race) at() *access {
	if r.who == threads.Self && r.x.write {
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
	start := r.start.Site.Pos().Line
	can := verb(conf)
	switch r.who {
	case threads.Self:
		if !x.write {
			x, y = y, x
		}
		f.Message = fmt.Sprintf("%s is %s by goroutines that line %d starts and that run at the same time; they %s", place, written(x, y), start, can)
	case threads.Parent:
		f.Message = fmt.Sprintf("%s is %s by the goroutine started at line %d and %s here without waiting for it; the two %s", place, x.participle(), start, y.participle(), can)
	case threads.Sibling:
		f.Message = fmt.Sprintf("%s is %s by the goroutine started at line %d and %s here by the one started at line %d; the two %s",
			place, x.participle(), start, y.participle(), r.other.Site.Pos().Line, can)
	}
	v.Stand(&f, lockset.Step(r.at().Spot))
	if v.Engine.Sources.NameAt(f.Pos) == r.name() {
		f.End += token.Pos(len(r.name()))
	}
	v.AddSteps(&f, steps(v, r, x, y))
	f.Fingerprint = report.Fingerprint(f.Check, r.x.Fn.Name, r.y.Fn.Name, place, fmt.Sprint(uint8(r.who), r.x.write, r.y.write))
	f.Fixes = fixes(v, r)
	return f
}

// steps returns the proof of a race.
func steps(v *lockset.View, r *race, x, y *access) []report.TraceStep {
	var out []report.TraceStep
	step := func(at threads.Spot, format string) {
		fr := lockset.Step(at)
		out = append(out, report.TraceStep{Frame: fr, Message: fmt.Sprintf(format, report.Func(fr.Func, v.Path), report.At(fr))})
	}
	step(r.start.Site, "%s starts the goroutine at %s")
	if r.other != nil && r.other != r.start {
		step(r.other.Site, "%s starts the other goroutine at %s")
	}
	step(x.Spot, "%s "+x.verb()+" "+r.place(r.x)+" at %s")
	if x.Spot != y.Spot {
		step(y.Spot, "%s "+y.verb()+" "+r.place(r.x)+" at %s")
	}
	return out
}

// fixes returns the fix that gives a goroutine a variable of its own, if nobody else wants what it assigns.
func fixes(v *lockset.View, r *race) []report.Fix {
	if r.own == 0 {
		return nil
	}
	fn := v.Engine.Source(r.x.Fn)
	if fn == nil {
		return nil
	}
	if fix, ok := fn.Declare(v.Pos(lockset.Step(threads.Spot{Fn: r.x.Fn, V: r.own}))); ok {
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

// name returns the name of the variable.
func (r *race) name() string { return r.in.At(r.alloc).Sym }

// place returns what an access is to as a message shows it.
func (r *race) place(a *access) string {
	place, content := a.content()
	if content {
		return "the map " + r.name() + place
	}
	return r.name() + place
}

func (a *access) participle() string {
	_, content := a.content()
	switch {
	case !a.write:
		return "read"
	case content:
		return "written"
	}
	return "assigned"
}

func (a *access) verb() string {
	_, content := a.content()
	switch {
	case !a.write:
		return "reads"
	case content:
		return "writes"
	}
	return "assigns"
}

// written tells what goroutines do with a variable, of which one does x and another y.
func written(x, y *access) string {
	if x.write && y.write {
		return x.participle()
	}
	if !x.write {
		x, y = y, x
	}
	return x.participle() + " and read"
}
