package ignore_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer"
	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
)

// Test runs all checks as one, so that one set of comments tells what is reported, by
// whichever check, and what is silenced.
func Test(t *testing.T) {
	all := analyzer.All()
	requires := []*analysis.Analyzer{lockset.Analyzer}
	for _, a := range all { // ignore looks at what the others have silenced
		requires = append(requires, a.Requires...)
	}
	checktest.Pass(t, &analysis.Analyzer{
		Name:     "suite",
		Doc:      "suite: all checks",
		Requires: requires,
		Run: func(pass *analysis.Pass) (any, error) {
			for _, a := range all {
				if _, err := a.Run(pass); err != nil {
					return nil, err
				}
			}
			return nil, nil
		},
	})
}
