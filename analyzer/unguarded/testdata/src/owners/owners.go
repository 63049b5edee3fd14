// Package owners has structs that are inside several others, each with a lock of its own.
package owners

import "sync"

type stats struct{ n, max int }

type Hall struct {
	mu    sync.Mutex
	stats stats
}

type Yard struct {
	lock  sync.Mutex
	stats stats
}

func (h *Hall) Enter() { h.mu.Lock(); h.stats.n++; h.mu.Unlock() }
func (h *Hall) Leave() { h.mu.Lock(); h.stats.n--; h.mu.Unlock() }
func (h *Hall) Count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stats.n
}
func (h *Hall) Clear() { h.mu.Lock(); h.stats.n = 0; h.mu.Unlock() }

func (y *Yard) Enter() { y.lock.Lock(); y.stats.n++; y.lock.Unlock() }
func (y *Yard) Count() int {
	y.lock.Lock()
	defer y.lock.Unlock()
	return y.stats.n
}
func (y *Yard) Clear() { y.lock.Lock(); y.stats.n = 0; y.lock.Unlock() }
func (y *Yard) Leave() {
	y.stats.n-- // want `write to stats\.n without holding Yard\.lock, which is held at 3 of its 3 other accesses`
}
