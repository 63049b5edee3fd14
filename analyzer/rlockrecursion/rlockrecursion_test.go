package rlockrecursion_test

import (
	"os"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/lockcheck/lockcheck/analyzer/rlockrecursion"
)

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
		if d.Name() != fixed {
			patterns = append(patterns, d.Name()+"/...")
		}
	}
	analysistest.Run(t, analysistest.TestData(), rlockrecursion.Analyzer, patterns...)
}

// TestFixes compares what the fixes make of the files with their golden ones.
func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), rlockrecursion.Analyzer, fixed+"/...")
}
