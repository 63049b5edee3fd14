// Package checktest runs the corpus of a check, which is in testdata/src of its package.
//
// The folder "fixes" has files whose fixes are compared with golden ones; folders named to [Run] and
// [Weaker] are analyzed as with -all; all the others as users see them by default.
package checktest

import (
	"os"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
)

// fixed is the folder whose files have golden ones.
const fixed = "fixes"

// Run runs all folders but those of fixes and the weaker ones. They run at once: most of the time goes into
// the standard library, which is loaded from source for each run.
func Run(t *testing.T, check *analysis.Analyzer, weaker ...string) {
	t.Helper()
	dirs, err := os.ReadDir("testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	for _, d := range dirs {
		if d.Name() != fixed && !slices.Contains(weaker, d.Name()) {
			patterns = append(patterns, d.Name()+"/...")
		}
	}
	analysistest.Run(t, analysistest.TestData(), check, patterns...)
}

// Weaker checks what -all adds, and that it is not shown without.
func Weaker(t *testing.T, check *analysis.Analyzer, weaker ...string) {
	t.Helper()
	for _, r := range analysistest.Run(ignoreErrors{}, analysistest.TestData(), check, weaker...) {
		for _, d := range r.Diagnostics {
			t.Errorf("without -all: %s: %s", r.Pass.Fset.Position(d.Pos), d.Message)
		}
	}
	lockset.All = true
	defer func() { lockset.All = false }()
	analysistest.Run(t, analysistest.TestData(), check, weaker...)
}

// Fixes compares what the fixes make of the files with their golden ones.
func Fixes(t *testing.T, check *analysis.Analyzer) {
	t.Helper()
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), check, fixed+"/...")
}

type ignoreErrors struct{}

func (ignoreErrors) Errorf(string, ...any) {}
