package waitmisuse

import "math/bits"

// A tally is the set of values that the counter of a WaitGroup can have, relative to
// where counting began. Bit i stands for the value i-zeroBit, the bit other for any value.
type tally uint16

const (
	zeroBit       = 6
	values        = 14 // from -6 to 7
	other   tally = 1 << 15
)

// only returns the tally of one value.
func only(n int64) tally {
	if n < -zeroBit || n >= values-zeroBit {
		return other
	}
	return 1 << (n + zeroBit)
}

// plus returns the sums of the values of both.
func (t tally) plus(d tally) tally {
	if d == only(0) || t == 0 {
		return t
	}
	sum := (t | d) & other
	for i := range values {
		if t&(1<<i) == 0 {
			continue
		}
		for j := range values {
			if d&(1<<j) != 0 {
				sum |= only(int64(i + j - 2*zeroBit))
			}
		}
	}
	return sum
}

// exact returns the value if there is only one.
func (t tally) exact() (int, bool) {
	if t&other != 0 || bits.OnesCount16(uint16(t)) != 1 {
		return 0, false
	}
	return bits.TrailingZeros16(uint16(t)) - zeroBit, true
}

// below reports whether all values are known and less than n.
func (t tally) below(n int) bool {
	return t != 0 && t&other == 0 && t>>(n+zeroBit) == 0
}

// has reports whether n is among the values.
func (t tally) has(n int) bool { return t&only(int64(n)) != 0 }
