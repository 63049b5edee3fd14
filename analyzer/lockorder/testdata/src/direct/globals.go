// Purpose: two package-level locks, taken in two orders by two functions. One
// cycle, one report, at the first of its edges.

package direct

import "sync"

var (
	inMu, outMu sync.Mutex
	in, out     int
)

func MoveInBad() {
	outMu.Lock()
	inMu.Lock() // want `inMu is locked while outMu is held, but globals\.go:24 locks them in the other order; two goroutines can deadlock \(lockorder\)`
	in, out = in+1, out-1
	inMu.Unlock()
	outMu.Unlock()
}

func MoveOutBad() {
	inMu.Lock()
	defer inMu.Unlock()
	outMu.Lock()
	defer outMu.Unlock()
	in, out = in-1, out+1
}

// A second place with the first order is no second report.
func CountBad() int {
	outMu.Lock()
	defer outMu.Unlock()
	inMu.Lock()
	defer inMu.Unlock()
	return in + out
}

var (
	headMu, tailMu sync.Mutex
	head, tail     int
)

func PushOk() {
	headMu.Lock()
	tailMu.Lock()
	head, tail = head+1, tail+1
	tailMu.Unlock()
	headMu.Unlock()
}

func PopOk() {
	headMu.Lock()
	defer headMu.Unlock()
	tailMu.Lock()
	defer tailMu.Unlock()
	head--
}

// The order of the unlocks does not matter.
func SwapOk() {
	headMu.Lock()
	tailMu.Lock()
	headMu.Unlock()
	head, tail = tail, head
	tailMu.Unlock()
}

// One after the other is no order at all.
func ApartOk() {
	tailMu.Lock()
	tail = 0
	tailMu.Unlock()
	headMu.Lock()
	head = 0
	headMu.Unlock()
}

// Both orders in one body: two goroutines in this function can deadlock.
var leftMu, rightMu sync.Mutex

func OneBodyBad(n *int) {
	leftMu.Lock()
	rightMu.Lock() // want `rightMu is locked while leftMu is held, but globals\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	*n++
	rightMu.Unlock()
	leftMu.Unlock()

	rightMu.Lock()
	leftMu.Lock()
	*n++
	leftMu.Unlock()
	rightMu.Unlock()
}

var eastMu, westMu sync.Mutex

func OneBodyOk(n *int) {
	eastMu.Lock()
	westMu.Lock()
	*n++
	westMu.Unlock()
	eastMu.Unlock()

	westMu.Lock()
	*n++
	westMu.Unlock()
	eastMu.Lock()
	*n++
	eastMu.Unlock()
}
