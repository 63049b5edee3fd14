// Purpose: locks in slices, arrays and maps of structs. All elements are one
// class against other classes; among themselves the index is the order.

package instances

import "sync"

type shard struct {
	mu   sync.Mutex
	rows map[string]int
}

type Table struct {
	mu     sync.Mutex
	shards []shard
	n      int
}

func (t *Table) GrowBad(i int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.shards[i].mu.Lock() // want `shard\.mu is locked while Table\.mu is held, but shards\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	t.n += len(t.shards[i].rows)
	t.shards[i].mu.Unlock()
}

func (t *Table) PutBad(i int, key string) {
	s := &t.shards[i]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[key]++
	t.mu.Lock()
	t.n++
	t.mu.Unlock()
}

type bucket struct {
	mu   sync.Mutex
	rows map[string]int
}

type Map struct {
	mu      sync.Mutex
	buckets []bucket
	n       int
}

func (m *Map) GrowOk() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.buckets {
		m.buckets[i].mu.Lock()
		m.n += len(m.buckets[i].rows)
		m.buckets[i].mu.Unlock()
	}
}

func (m *Map) PutOk(i int, key string) {
	b := &m.buckets[i]
	b.mu.Lock()
	b.rows[key]++
	b.mu.Unlock()
	m.mu.Lock()
	m.n++
	m.mu.Unlock()
}

// Two elements, the lower index first.
func (m *Map) MoveOk(i, j int, key string) {
	if i == j {
		return
	}
	if i > j {
		i, j = j, i
	}
	m.buckets[i].mu.Lock()
	defer m.buckets[i].mu.Unlock()
	m.buckets[j].mu.Lock()
	defer m.buckets[j].mu.Unlock()
	m.buckets[j].rows[key] = m.buckets[i].rows[key]
}

// All elements, in the order of the slice.
func (m *Map) ClearOk() {
	for i := range m.buckets {
		m.buckets[i].mu.Lock()
		defer m.buckets[i].mu.Unlock()
	}
	for i := range m.buckets {
		clear(m.buckets[i].rows)
	}
}

// An array of bare locks, and another lock.
type Stripes struct {
	mus  [16]sync.Mutex
	size sync.Mutex
	n    int
}

func (s *Stripes) AddBad(i int) {
	s.mus[i].Lock()
	defer s.mus[i].Unlock()
	s.size.Lock() // want `Stripes\.size is locked while Stripes\.mus\S* is held, but shards\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	s.n++
	s.size.Unlock()
}

func (s *Stripes) ResetBad() {
	s.size.Lock()
	defer s.size.Unlock()
	for i := range s.mus {
		s.mus[i].Lock()
		s.n = 0
		s.mus[i].Unlock()
	}
}

type Lanes struct {
	mus  [16]sync.Mutex
	size sync.Mutex
	n    int
}

func (l *Lanes) AddOk(i int) {
	l.mus[i].Lock()
	defer l.mus[i].Unlock()
	l.size.Lock()
	l.n++
	l.size.Unlock()
}

func (l *Lanes) ResetOk() {
	for i := range l.mus {
		l.mus[i].Lock()
		defer l.mus[i].Unlock()
	}
	l.size.Lock()
	l.n = 0
	l.size.Unlock()
}
