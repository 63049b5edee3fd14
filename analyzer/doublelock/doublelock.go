package doublelock

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/relock"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

//go:embed doc.go
var doc string

const name = "doublelock"

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

func find(v *lockset.View) []report.Finding {
	return relock.Find(v, name, func(d *relock.Double) bool { return !d.Reads() }, func(d *relock.Double, f *report.Finding) {
		if d.Direct() {
			f.Message = direct(d)
		} else {
			f.Message = called(d)
		}
	})
}

// direct words that a function locks what it has.
func direct(d *relock.Double) string {
	is, then := "is", ""
	if !d.All {
		is, then = "can be", "then "
	}
	what := "locked again while this goroutine still holds it"
	switch {
	case d.Held.Mode == lockgraph.Read:
		what = "locked for writing while this goroutine still has it read-locked"
	case d.Mode == lockgraph.Read:
		what = "read-locked while this goroutine still holds it"
	}
	return fmt.Sprintf("%s %s %s from %s; this call %snever returns", d.Lock, is, what, d.Since, then)
}

// called words that a function calls one that locks what it has.
func called(d *relock.Double) string {
	verb, already := report.Locks(d.Mode), "held"
	if d.Held.Mode == lockgraph.Read {
		verb, already = "locks", "read-locked"
	}
	end := "the call never returns"
	if !d.Always || !d.All {
		verb, end = "can "+strings.TrimSuffix(verb, "s"), "the call then never returns"
	}
	return fmt.Sprintf("calling %s %s %s (%s), which is already %s from %s; %s", d.Callee(), verb, d.Lock, d.Leaf(), already, d.Since, end)
}
