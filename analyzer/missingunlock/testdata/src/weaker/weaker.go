// Package weaker has what only -all shows.
package weaker

import "sync"

type box struct {
	mu sync.Mutex
	n  int
}

// halves are two conditions that nobody here knows to be one.
func (b *box) halves(x, y int) {
	if x > y {
		b.mu.Lock()
	}
	println(x)
	if y < x {
		b.mu.Unlock()
	}
} // want `the end of the function can leave b.mu locked since line 14`
