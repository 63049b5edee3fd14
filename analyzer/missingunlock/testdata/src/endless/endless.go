// Package endless has loops that end only by a return.
package endless

import (
	"sync"
	"time"
)

type meter struct {
	mu sync.Mutex
	n  int
}

// Nobody closes the channel of a ticker.
func (m *meter) good(stop func() bool) {
	m.mu.Lock()
	for range time.Tick(time.Second) {
		if stop() {
			m.mu.Unlock()
			return
		}
		m.n++
	}
}

// The caller may close steps.
func (m *meter) bad(steps chan bool, stop func() bool) {
	m.mu.Lock()
	for range steps {
		if stop() {
			m.mu.Unlock()
			return
		}
		m.n++
	}
} // want `the end of the function leaves m.mu locked`
