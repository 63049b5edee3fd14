// Package ordered has subtests, which run one after the other unless they are parallel.
package ordered

import "testing"

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
			n += value() // want `n is assigned by goroutines that line 21 starts`
		})
	}
}
