package rlockrecursion_test

import (
	"os"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/lockcheck/lockcheck/analyzer/rlockrecursion"
)

func Test(t *testing.T) {
	dirs, err := os.ReadDir("testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		t.Run(d.Name(), func(t *testing.T) {
			analysistest.Run(t, analysistest.TestData(), rlockrecursion.Analyzer, d.Name()+"/...")
		})
	}
}
