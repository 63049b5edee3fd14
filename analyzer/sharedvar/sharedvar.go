package sharedvar

import (
	_ "embed"
	"go/token"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

//go:embed doc.go
var doc string

const name = "sharedvar"

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

// find returns the local variables on which goroutines race.
func find(v *lockset.View) []report.Finding {
	in := &input{threads: v.Engine.Threads, locks: v.Engine.LocksAt}
	var out []report.Finding
	for _, fn := range v.Engine.Declared(v.Path) {
		type cause struct {
			start *threads.Run
			at    token.Pos
		}
		first := map[cause]int{} // variables that race at the same places are one bug
		for _, r := range races(in, fn) {
			f := finding(v, &r)
			if v.Suppressed(&f) {
				continue
			}
			c := cause{r.start, f.Pos}
			if i, ok := first[c]; ok {
				v.AddSteps(&out[i], []report.TraceStep{{Frame: lockset.Step(r.at().Spot), Message: "the same is so of " + r.place(r.x)}})
				continue
			}
			first[c] = len(out)
			out = append(out, f)
		}
	}
	return out
}
