package ignore_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer"
	"github.com/lockcheck/lockcheck/analyzer/internal/checktest"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
)

// suite runs all checks as one, so that one set of comments tells what is reported, by
// whichever check, and what is silenced.
var suite = &analysis.Analyzer{
	Name:     "suite",
	Doc:      "suite: all checks",
	Requires: []*analysis.Analyzer{lockset.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		for _, a := range analyzer.All() {
			if _, err := a.Run(pass); err != nil {
				return nil, err
			}
		}
		return nil, nil
	},
}

func Test(t *testing.T) {
	checktest.Run(t, suite)
}
