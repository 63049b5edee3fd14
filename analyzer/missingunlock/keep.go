package missingunlock

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// keep words the finding for one exit, and what the exit is.
func (f *finder) keep(r *held.Result, k *held.Keep) (found report.Finding, exit string, ok bool) {
	conf, ok := f.confidence(k)
	if !ok {
		return found, "", false
	}
	lock := f.Engine.LockName(k.Fn, k.First, k.Held.Mode, k.Held.Path)
	found = report.Finding{Check: name, Package: f.Path}
	found.Weigh(conf)
	exit = f.StandAtExit(&found, k.Fn, k.Exit)
	can := "leaves"
	if !k.All {
		can = "can leave"
	}
	found.Message = fmt.Sprintf("%s %s %s %s since line %d", exit, can, lock, report.Locked(k.Held.Mode), k.Held.Chain.Line)
	f.AddSteps(&found, report.Trace(k.Held.Chain.Frames(), lock, k.Held.Mode, f.Path, ""))
	other := f.Engine.Step(k.Fn, k.Elsewhere)
	f.AddSteps(&found, []report.TraceStep{{Frame: other, Message: fmt.Sprintf("another path %s %s at %s", unlocks(k), lock, report.At(other))}})
	found.Fingerprint = report.Fingerprint(name, "keep", k.Fn.Name, k.Held.Path.Class, k.Held.Path.Pretty(), exit)
	found.Fixes = f.keepFixes(r, k)
	return found, exit, !f.Suppressed(&found)
}

// unlocks returns the words for what releases the lock elsewhere.
func unlocks(k *held.Keep) string {
	s := "unlocks"
	if k.Held.Mode == lockgraph.Read {
		s = "read-unlocks"
	}
	if k.Fn.At(k.Elsewhere).How == effects.Deferred {
		s = "defers an unlock that " + s
	}
	return s
}

// alsoKept adds to a finding one that another exit leaves the same lock locked.
func alsoKept(f, also *report.Finding, exit string) {
	if rest, ok := strings.CutPrefix(exit, "this "); ok {
		exit = "the " + rest
	}
	at := fmt.Sprintf("%s:%d", filepath.Base(also.Posn.Filename), also.Posn.Line)
	f.Steps = append(f.Steps, report.Step{Pos: also.Pos, Posn: also.Posn, Message: fmt.Sprintf("so does %s at %s", exit, at)})
	if also.Confidence > f.Confidence {
		f.Weigh(report.Confidence{Reasons: also.Reasons})
	}
	if len(f.Fixes) > 0 && !slices.Equal(f.Fixes[0].Edits, also.Fixes[0].Edits) {
		f.Fixes = []report.Fix{fix.Join(f.Fixes[0].Message, slices.Concat(f.Fixes[0].Edits, also.Fixes[0].Edits)...)}
	}
}

// confidence weighs what a kept lock rests on; ok is false if it is no finding.
func (f *finder) confidence(k *held.Keep) (c report.Confidence, ok bool) {
	if f.kept[k.Fn] {
		return c, false
	}
	switch {
	case k.All:
		c = report.Sure(95, "who calls may be meant to unlock")
	case k.Decided:
		c = report.Sure(65, "some ways to the exit unlock")
	default:
		c = report.Sure(40, "some ways to the exit unlock, and it may be conditions that the analysis cannot tell apart")
	}
	class := k.Held.Path.Class
	if k.Told && !f.seen[k.Fn] && (f.class[class] || !private(class)) {
		c.Times(45, "a result tells the caller that this way is another one, and not all callers are in view")
	}
	if f.class[class] {
		c.Times(75, "some function unlocks such locks for whoever calls it")
	}
	return c, true
}
