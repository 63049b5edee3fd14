// Package relock finds the acquisitions of locks by who holds them already. Checks doublelock and rlockrecursion report them, each
// those of its kind and in its words; what they have in common is here: weights, the place, the steps, the fixes, and that one cause is
// one finding.
package relock

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A Double is an acquisition of a lock that is held already, with what words need.
type Double struct {
	*held.Double
	Lock  string // as the source writes it
	Since string // "line 12": where it was taken
	View  *lockset.View
}

// Direct reports whether the function itself takes the lock again, not one that it calls.
func (d *Double) Direct() bool { return d.Chain.Len == 1 }

// Callee returns the function called that takes the lock again.
func (d *Double) Callee() string { return report.Func(d.Chain.Next.Func, d.View.Path) }

// Leaf returns where the lock is taken again.
func (d *Double) Leaf() string { return report.At(d.Chain.Last()) }

// Reads reports whether the lock is read-locked both times, which only a writer in between makes a deadlock.
func (d *Double) Reads() bool { return d.Held.Mode == lockgraph.Read && d.Mode == lockgraph.Read }

// Find returns the findings of a check in a package: of those double acquisitions that are of its kind, with the message
// and what else its words add.
func Find(v *lockset.View, check string, kind func(*Double) bool, word func(*Double, *report.Finding)) []report.Finding {
	c := causes{v: v, at: map[string]int{}}
	for _, r := range v.Results() {
		for i := range r.Doubles {
			d := &Double{Double: &r.Doubles[i], View: v}
			if !kind(d) {
				continue
			}
			d.Lock, d.Since = lockName(d), fmt.Sprintf("line %d", d.Held.Chain.Line)
			f := d.finding(check)
			word(d, &f)
			if !v.Suppressed(&f) {
				c.add(d, f)
			}
		}
	}
	return c.findings()
}

// lockName returns the lock as it is written where it is taken first, if that is in the same function.
func lockName(d *Double) string {
	e := d.View.Engine
	if d.Held.Chain.Len == 1 {
		return e.LockName(d.Fn, d.First, d.Held.Mode, d.Path)
	}
	return e.PathName(d.Fn, d.Path)
}

// finding returns what is the same for both kinds.
func (d *Double) finding(check string) report.Finding {
	v := d.View
	f := report.Finding{Check: check, Package: v.Path}
	f.Weigh(d.confidence())
	v.StandAt(&f, d.Fn, d.Instr)
	v.AddSteps(&f, report.Trace(d.Held.Chain.Frames(), d.Lock, d.Held.Mode, v.Path, ""))
	if !d.Direct() {
		v.AddSteps(&f, report.Trace(d.Chain.Frames(), d.Lock, d.Mode, v.Path, ""))
	}
	f.Fixes = d.fixes()
	f.Fingerprint = report.Fingerprint(check, d.Fn.Name, d.Path.Class, d.Path.Pretty(), d.Chain.Last().Func)
	return f
}

// maxCalls is how many frames a chain may have and still be believed without doubt.
const maxCalls = 4

// confidence weighs what a double acquisition rests on.
func (d *Double) confidence() report.Confidence {
	why := "what is called is one of several functions"
	if d.Guess {
		why = "nothing in the program puts what is called there, which its exported types and functions allow"
	}
	c := report.Sure(d.Conf, why)
	if !d.Held.Must {
		c.Times(50, "the lock is held on some of the ways to the first call only")
	}
	switch {
	case d.All:
	case d.Correlated:
		c.Times(80, "some ways lead here without the lock")
	default:
		c.Times(55, "some ways lead here without the lock, and past the place where it is taken")
	}
	for range d.Chain.Len - maxCalls {
		c.Times(90, "the chain of calls is long")
	}
	if d.Held.Leak && !inModule(d.View.Module, d.Held.Chain.Last()) {
		c.Times(30, "what leaves the lock locked is in a dependency")
	}
	return c
}

// inModule reports whether a witness step is in the module under analysis.
func inModule(module string, f lockgraph.Frame) bool {
	if module == "" {
		return true
	}
	rest, ok := strings.CutPrefix(f.Func, module)
	return ok && rest != "" && strings.ContainsRune("./_", rune(rest[0]))
}

// causes are the findings of a package, one for each cause: that of a function for one acquisition.
type causes struct {
	v    *lockset.View
	list []cause
	at   map[string]int // in list
}

type cause struct {
	f    report.Finding
	more []token.Position // of findings with the same cause
}

func (c *causes) add(d *Double, f report.Finding) {
	key := fmt.Sprint(d.Fn.ID, "|", d.Held.Chain.Frame, "|", d.Path.Class, d.Path.Steps)
	if d.Held.Leak { // the forgotten unlock is the one cause of all
		key = fmt.Sprint("leak|", d.Held.Chain.Last())
	}
	i, ok := c.at[key]
	if !ok {
		c.at[key] = len(c.list)
		c.list = append(c.list, cause{f: f})
		return
	}
	g := &c.list[i]
	more := f.Posn
	if f.Confidence > g.f.Confidence {
		more, g.f = g.f.Posn, f
	}
	g.more = append(g.more, more)
}

func (c *causes) findings() []report.Finding {
	var out []report.Finding
	for _, g := range c.list {
		if n := len(g.more); n > 0 {
			first := lockgraph.Frame{File: g.more[0].Filename, Line: g.more[0].Line, Col: g.more[0].Column}
			calls := report.Count(n, "more such call")
			c.v.AddSteps(&g.f, []report.TraceStep{{Frame: first, Message: fmt.Sprintf("the same cause has %s, the first at %s", calls, report.At(first))}})
		}
		out = append(out, g.f)
	}
	return out
}
