// Package ordered has subtests, which run one after the other unless they are parallel.
package ordered

import (
	"testing"
	"testing/synctest"
)

func value() int { return 1 }

func TestInPlace(t *testing.T) {
	n := 0
	for range 3 {
		t.Run("sub", func(t *testing.T) { n += value() })
	}
	if n != 3 {
		t.Error(n)
	}
}

func TestParallel(t *testing.T) {
	n := 0
	for range 3 {
		t.Run("sub", func(t *testing.T) {
			t.Parallel()
			n += value() // want `n is assigned by goroutines that line 24 starts`
		})
	}
}

func TestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		go func() { n = value() }()
		synctest.Wait()
		t.Log(n)
	})
}

func TestNoBubble(t *testing.T) {
	n := 0
	go func() { n = value() }()
	t.Log(n) // want `n is assigned by the goroutine started at line 42 and read here`
}
