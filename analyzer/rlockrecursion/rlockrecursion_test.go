package rlockrecursion_test

import (
	"os"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/lockcheck/lockcheck/analyzer/rlockrecursion"
)

// Test runs all folders at once: most of the time goes into the standard library,
// which is loaded from source for each run.
func Test(t *testing.T) {
	dirs, err := os.ReadDir("testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	for _, d := range dirs {
		patterns = append(patterns, d.Name()+"/...")
	}
	analysistest.Run(t, analysistest.TestData(), rlockrecursion.Analyzer, patterns...)
}
