// Package analyzer lists lockcheck's checks and runs them on whole programs.
package analyzer

import (
	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer/atomicmix"
	"github.com/lockcheck/lockcheck/analyzer/doublelock"
	"github.com/lockcheck/lockcheck/analyzer/ignore"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/lockorder"
	"github.com/lockcheck/lockcheck/analyzer/missingunlock"
	"github.com/lockcheck/lockcheck/analyzer/rlockrecursion"
	"github.com/lockcheck/lockcheck/analyzer/sharedvar"
	"github.com/lockcheck/lockcheck/analyzer/unguarded"
	"github.com/lockcheck/lockcheck/analyzer/waitmisuse"
)

// All returns the suite, one analyzer per check, sorted by name.
func All() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		atomicmix.Analyzer,
		doublelock.Analyzer,
		ignore.Analyzer,
		lockorder.Analyzer,
		missingunlock.Analyzer,
		rlockrecursion.Analyzer,
		sharedvar.Analyzer,
		unguarded.Analyzer,
		waitmisuse.Analyzer,
	}
}

// SetAll makes the analyzers of [All] report every band, not only what is nearly
// certain. Call it before they run.
func SetAll(all bool) {
	for _, a := range All() {
		lockset.SetAll(a, all)
	}
}
