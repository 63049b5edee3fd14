package ssatest_test

import (
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"

	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/internal/suite"
)

// layers are two packages: high knows by a fact only that Lock locks.
const layers = `-- low/low.go --
package low

import "sync"

var Mu sync.Mutex

func Lock() { Mu.Lock() }
-- high/high.go --
package high

import "low"

func Twice() {
	low.Mu.Lock()
	low.Lock()
	low.Mu.Unlock()
}
`

func TestVet(t *testing.T) {
	p := ssatest.Load(t, layers)
	vetted, err := p.Vet()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(vetted["low"].Facts); n != 1 {
		t.Errorf("low has facts of %d packages", n)
	}
	if got := vetted["high"].View.Findings(suite.Checks); len(got) != 1 || got[0].Check != "doublelock" || got[0].Posn.String() != "high/high.go:7:2" {
		t.Errorf("found %v", got)
	}
}

func TestEngine(t *testing.T) {
	p := ssatest.Load(t, layers)
	var b strings.Builder
	if err := p.Engine().PrintHeld(&b, func(*effects.Func) bool { return true }); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "low.Lock()\t{low.Mu}") {
		t.Errorf("held:\n%s", &b)
	}
}

// BenchmarkVet tells what a test by this package takes.
func BenchmarkVet(b *testing.B) {
	for b.Loop() {
		ssatest.Load(b, layers).Findings(b, suite.Checks...)
	}
}

func BenchmarkEngine(b *testing.B) {
	for b.Loop() {
		ssatest.Load(b, layers).Engine()
	}
}
