package sharedvar_test

import (
	"os"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/lockcheck/lockcheck/analyzer"
	"github.com/lockcheck/lockcheck/analyzer/sharedvar"
)

// weaker are the folders that are analyzed as with -all.
var weaker = []string{"weaker"}

// fixed is the folder whose files have golden ones.
const fixed = "fixes"

// Test runs all folders at once: most of the time goes into the standard library,
// which is loaded from source for each run.
func Test(t *testing.T) {
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
	analysistest.Run(t, analysistest.TestData(), sharedvar.Analyzer, patterns...)
}

// TestWeaker checks what -all adds, and that it is not shown without.
func TestWeaker(t *testing.T) {
	for _, r := range analysistest.Run(ignoreErrors{}, analysistest.TestData(), sharedvar.Analyzer, weaker...) {
		for _, d := range r.Diagnostics {
			t.Errorf("without -all: %s: %s", r.Pass.Fset.Position(d.Pos), d.Message)
		}
	}
	analyzer.SetAll(true)
	defer analyzer.SetAll(false)
	analysistest.Run(t, analysistest.TestData(), sharedvar.Analyzer, weaker...)
}

// TestFixes compares what the fixes make of the files with their golden ones.
func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), sharedvar.Analyzer, fixed+"/...")
}

type ignoreErrors struct{}

func (ignoreErrors) Errorf(string, ...any) {}
