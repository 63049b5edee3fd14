package lockset

import (
	"fmt"
	"go/token"

	"github.com/lockcheck/lockcheck/analyzer/internal/capture"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// sharedvar reports the local variables on which goroutines race, in one package.
func (v *View) sharedvar(e *Engine) []report.Finding {
	in := &capture.Input{Threads: e.threads, Locks: e.locksAt}
	var out []report.Finding
	for _, fn := range e.declared(v.Path) {
		type cause struct {
			start *threads.Run
			at    token.Pos
		}
		first := map[cause]int{} // variables that race at the same places are one bug
		for _, r := range capture.Find(in, fn) {
			f := v.race(e, &r)
			if v.Suppressed(&f) {
				continue
			}
			c := cause{r.Start, f.Pos}
			if i, ok := first[c]; ok {
				v.addSteps(&out[i], []report.TraceStep{{Frame: lockgraph.Frame{File: f.Posn.Filename, Line: f.Posn.Line, Col: f.Posn.Column}, Message: "the same is so of " + capturedName(&r, r.X)}})
				continue
			}
			first[c] = len(out)
			out = append(out, f)
		}
	}
	return out
}

// locksAt returns the locks at an instruction, nil if none are known.
func (e *Engine) locksAt(fn *effects.Func, v effects.V) *held.Locks {
	r := e.prog.Results[fn.ID]
	switch {
	case r == nil:
		return nil
	case r.Summary.Truncated:
		return &held.Locks{Any: true}
	}
	return r.Locks[v]
}

// declared returns the functions that a package declares, each position once.
func (e *Engine) declared(path string) []*effects.Func {
	var out []*effects.Func
	for _, fn := range e.distinct(path) {
		if f := e.extractor.Func(fn); f != nil && f.Parent == nil && !f.Made {
			out = append(out, f)
		}
	}
	return out
}

// frame returns where an instruction stands.
func frame(at threads.Spot) lockgraph.Frame {
	pos := at.Pos()
	if !pos.IsValid() {
		pos = at.Fn.Pos
	}
	return lockgraph.Frame{Func: at.Fn.Name, File: at.Fn.Unit.Files[pos.File], Line: int(pos.Line), Col: int(pos.Col)}
}

// race words one race.
func (v *View) race(e *Engine, r *capture.Race) report.Finding {
	f := report.Finding{Check: "sharedvar", Package: v.Path, Confidence: r.Confidence}
	name := capturedName(r, r.X)
	x, y := r.X, r.Y
	start := r.Start.Site.Pos().Line
	can := raceVerb(r.Confidence)
	at := y
	switch r.Kind {
	case threads.Self:
		if at = x; !x.Write {
			at, x, y = y, y, x
		}
		f.Message = fmt.Sprintf("%s is %s by goroutines that line %d starts and that run at the same time; they %s", name, written(x, y), start, can)
	case threads.Parent:
		f.Message = fmt.Sprintf("%s is %s by the goroutine started at line %d and %s here without waiting for it; the two %s", name, participle(x), start, participle(y), can)
	case threads.Sibling:
		f.Message = fmt.Sprintf("%s is %s by the goroutine started at line %d and %s here by the one started at line %d; the two %s",
			name, participle(x), start, participle(y), r.Other.Site.Pos().Line, can)
	}
	f.Posn = posn(frame(at.Spot))
	f.Pos = v.pos.pos(frame(at.Spot))
	f.End = f.Pos
	if e.sources.NameAt(f.Pos) == r.Name() {
		f.End += token.Pos(len(r.Name()))
	}
	var steps []report.TraceStep
	step := func(at threads.Spot, format string) {
		fr := frame(at)
		steps = append(steps, report.TraceStep{Frame: fr, Message: fmt.Sprintf(format, report.Func(fr.Func, v.Path), report.At(fr))})
	}
	step(r.Start.Site, "%s starts the goroutine at %s")
	if r.Other != nil && r.Other != r.Start {
		step(r.Other.Site, "%s starts the other goroutine at %s")
	}
	step(x.Spot, "%s "+verbOf(x)+" "+name+" at %s")
	if x.Spot != y.Spot {
		step(y.Spot, "%s "+verbOf(y)+" "+name+" at %s")
	}
	v.addSteps(&f, steps)
	f.Fingerprint = report.Fingerprint(f.Check, r.X.Fn.Name, r.Y.Fn.Name, name, fmt.Sprint(uint8(r.Kind), r.X.Write, r.Y.Write))
	f.Fixes = v.raceFixes(e, r)
	return f
}

// raceFixes returns the fix that gives a goroutine a variable of its own; package capture has proved that
// nobody else wants what it assigns.
func (v *View) raceFixes(e *Engine, r *capture.Race) []report.Fix {
	fn := e.source(e.extractor.SSA(r.X.Fn))
	if fn == nil || r.Own == 0 {
		return nil
	}
	return one(fn.Declare(v.pos.pos(frame(threads.Spot{Fn: r.X.Fn, V: r.Own}))))
}

func raceVerb(confidence int) string {
	if report.BandOf(confidence) == report.Error {
		return "race"
	}
	return "can race"
}

// capturedName returns a captured variable as a message shows it.
func capturedName(r *capture.Race, a *capture.Access) string {
	place, content := a.Content()
	if content {
		return "the map " + r.Name() + place
	}
	return r.Name() + place
}

func participle(a *capture.Access) string {
	_, content := a.Content()
	switch {
	case !a.Write:
		return "read"
	case content:
		return "written"
	}
	return "assigned"
}

func verbOf(a *capture.Access) string {
	_, content := a.Content()
	switch {
	case !a.Write:
		return "reads"
	case content:
		return "writes"
	}
	return "assigns"
}

// written tells what goroutines do with a variable, of which one does x and another y.
func written(x, y *capture.Access) string {
	if x.Write && y.Write {
		return participle(x)
	}
	if !x.Write {
		x, y = y, x
	}
	return participle(x) + " and read"
}
