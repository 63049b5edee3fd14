// Package owners has structs that are inside several others, each with a discipline of its own.
package owners

import (
	"sync"
	"sync/atomic"
)

// hits is counted atomically by pages, and with the mutex by reports.
type hits struct{ n int64 }

type page struct{ hits }

type report struct {
	mu sync.Mutex
	hits
}

func (p *page) View() { atomic.AddInt64(&p.n, 1) }

func (p *page) Views() int64 { return atomic.LoadInt64(&p.n) }

func (r *report) View() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
}

func (r *report) Views() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

func Serve(p *page, r *report) {
	for range 4 {
		go p.View()
		go r.View()
	}
}

// misses is counted through a pointer as well, which may be that of either.
type misses struct{ n int64 }

type door struct{ misses }

type gate struct{ misses }

func (m *misses) count() { atomic.AddInt64(&m.n, 1) }

func (d *door) Misses() int64 { return atomic.LoadInt64(&d.n) }

func (g *gate) Drain() {
	g.n = 0 // want `plain write to misses\.n, which owners\.go:\d+ accesses atomically`
}

func Watch(d *door, g *gate) {
	for range 4 {
		go d.count()
		go g.count()
		go g.Drain()
	}
}
