// Package analyzer lists lockcheck's checks and runs them on whole programs.
package analyzer

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer/ignore"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/suite"
)

// All returns the suite, one analyzer per check, sorted by name. They report what is nearly certain.
func All() []*analysis.Analyzer { return passes((*lockset.Check).Analyzer) }

// AllBands returns the suite as [All] does, but its analyzers report findings of every band.
func AllBands() []*analysis.Analyzer { return passes((*lockset.Check).AllBands) }

func passes(pass func(*lockset.Check) *analysis.Analyzer) []*analysis.Analyzer {
	var as []*analysis.Analyzer
	for _, c := range suite.Checks {
		as = append(as, pass(c))
	}
	as = append(as, ignore.New(as))
	slices.SortFunc(as, func(a, b *analysis.Analyzer) int { return strings.Compare(a.Name, b.Name) })
	return as
}
