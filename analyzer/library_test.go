package analyzer_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer"
)

// TestLibrary analyzes modules with a library, twice each and at the same time, and compares what is found with what is
// found without one.
func TestLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the go command")
	}
	var lib analyzer.Library
	mods := modules(t)
	for _, name := range []string{"callbacks", "guards", "waits"} {
		if mods[name] == nil {
			t.Fatalf("no module %s", name)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := newDir(t)
			writeFiles(t, dir, mods[name])
			want := found(t, dir, nil)
			if len(want) == 0 {
				t.Error("nothing is found")
			}
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					if diff := cmp.Diff(want, found(t, dir, &lib)); diff != "" {
						t.Errorf("without a library (-), with one (+):\n%s", diff)
					}
				})
			}
			wg.Wait()
		})
	}
	// Another load of a package of the standard library: asked for, it has bodies, and so have those that import it.
	t.Run("std", func(t *testing.T) {
		t.Parallel()
		for range 2 {
			res, err := analyzer.Check(analyzer.Config{Patterns: []string{"sync", "context"}, Env: environ(), Library: &lib})
			if err != nil || len(res.Problems) > 0 || res.Packages < 5 {
				t.Errorf("%v, %+v", err, res)
			}
		}
	})
}

// found returns the findings in a module, with all their steps.
func found(t *testing.T, dir string, lib *analyzer.Library) (out []string) {
	res, err := analyzer.Check(analyzer.Config{Dir: dir, Patterns: []string{"./..."}, Tests: true, Env: environ(), All: true, Library: lib})
	if err != nil {
		t.Error(err)
		return nil
	}
	out = append(out, res.Problems...)
	for _, f := range res.Findings {
		out = append(out, fmt.Sprint(f.Posn, f.Text(), f.Confidence, f.Fingerprint))
		for _, s := range f.Steps {
			out = append(out, fmt.Sprint("\t", s.Posn, s.Message))
		}
	}
	return out
}
