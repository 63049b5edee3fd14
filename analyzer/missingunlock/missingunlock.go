package missingunlock

import (
	_ "embed"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

//go:embed doc.go
var doc string

const name = "missingunlock"

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

// A finder makes the findings of one package.
type finder struct {
	*lockset.View
	*givers
	out []report.Finding
}

// find returns the locks that a function keeps on one way and releases on another, and the unlocks that
// cannot be right.
func find(v *lockset.View) []report.Finding {
	f := &finder{View: v, givers: lockset.Learn(v.Engine, findGivers)}
	for _, r := range v.Results() {
		if r.Fn.Made {
			continue
		}
		f.keeps(r)
		f.neverFreed(r)
		for i := range r.Slips {
			f.slip(r, &r.Slips[i])
		}
	}
	return f.out
}

// keeps reports the locks that a function keeps: for all exits that keep one, the finding is one.
func (f *finder) keeps(r *held.Result) {
	type cause struct {
		first   effects.V
		band    report.Band
		mending bool // has a fix, which mends all of them
	}
	same := map[cause]int{}
	for i := range r.Keeps {
		k := &r.Keeps[i]
		found, exit, ok := f.keep(r, k)
		if !ok {
			continue
		}
		c := cause{k.First, found.Band(), len(found.Fixes) > 0}
		if i, ok := same[c]; ok {
			alsoKept(&f.out[i], &found, exit)
			continue
		}
		same[c] = len(f.out)
		f.out = append(f.out, found)
	}
}

// add reports a finding unless a directive silences it.
func (f *finder) add(found report.Finding) {
	if !f.Suppressed(&found) {
		f.out = append(f.out, found)
	}
}
