package waitmisuse

import "testing"

// TestTally compares sums with those of sets of numbers.
func TestTally(t *testing.T) {
	sets := [][]int{{0}, {1}, {-1}, {0, 1}, {-2, 3}, {-6}, {7}, {-6, 7}, {-3, -2, -1, 0, 1, 2, 3}}
	of := func(ns []int) tally {
		var t tally
		for _, n := range ns {
			t |= only(int64(n))
		}
		return t
	}
	for _, a := range sets {
		for _, b := range sets {
			var want tally
			for _, x := range a {
				for _, y := range b {
					want |= only(int64(x + y))
				}
			}
			if got := of(a).plus(of(b)); got != want {
				t.Errorf("%v plus %v is %016b, want %016b", a, b, got, want)
			}
		}
	}
	for n := -zeroBit; n < values-zeroBit; n++ {
		if got, ok := only(int64(n)).exact(); !ok || got != n {
			t.Errorf("only(%d) is %d, %t", n, got, ok)
		}
		for k := -zeroBit; k < values-zeroBit; k++ {
			if got := only(int64(n)).below(k); got != (n < k) {
				t.Errorf("only(%d) below %d is %t", n, k, got)
			}
		}
	}
	for _, n := range []int64{-zeroBit - 1, values - zeroBit, 1 << 40, -1 << 40} {
		if only(n) != other {
			t.Errorf("only(%d) is %016b", n, only(n))
		}
	}
	if _, ok := (only(0) | other).exact(); ok {
		t.Error("a set with any value is exact")
	}
	if (only(-2) | other).below(0) || tally(0).below(0) {
		t.Error("a set with any value, or with none, is below 0")
	}
}
