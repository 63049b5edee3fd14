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

// A part is handed over by the table that keeps it: who has taken it out needs no lock for it.
type part struct {
	busy  bool
	items []int
}

type Table struct {
	mu    sync.Mutex
	parts map[int]*part
}

func (t *Table) Add(k, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.parts[k]
	p.items = append(p.items, n)
}

func (t *Table) Len(k int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.parts[k].items)
}

func (t *Table) Clear(k int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.parts[k].items = nil
}

func (t *Table) Last(k int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	items := t.parts[k].items
	return items[len(items)-1]
}

func (t *Table) take(k int) *part {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.parts[k]
	delete(t.parts, k)
	return p
}

func (t *Table) Flush(k int) (sum int) {
	p := t.take(k)
	for _, n := range p.items {
		sum += n
	}
	return sum
}
