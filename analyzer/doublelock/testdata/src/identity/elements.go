// Purpose: locks in arrays, slices and maps. The same constant or the same
// variable is the same element; anything else may be another one.

package identity

import "sync"

type Stripes struct {
	mus [4]sync.Mutex
	n   int
}

func (s *Stripes) ConstantBad() {
	s.mus[0].Lock()
	s.n++
	s.mus[0].Lock() // want `s\.mus\[0\] is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	s.mus[0].Unlock()
}

func (s *Stripes) ConstantOk() {
	s.mus[0].Lock()
	s.mus[1].Lock()
	s.n++
	s.mus[1].Unlock()
	s.mus[0].Unlock()
}

func (s *Stripes) IndexBad(i int) {
	i %= len(s.mus)
	s.mus[i].Lock()
	s.n++
	s.mus[i].Lock() // want `s\.mus\[i\] is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	s.mus[i].Unlock()
}

func (s *Stripes) IndexOk(i, j int) {
	i, j = i%2, 2+j%2
	s.mus[i].Lock()
	s.mus[j].Lock()
	s.n++
	s.mus[j].Unlock()
	s.mus[i].Unlock()
}

// The variable has moved on.
func (s *Stripes) AdvanceOk() {
	i := 0
	s.mus[i].Lock()
	i++
	s.mus[i].Lock()
	s.n++
	s.mus[i].Unlock()
	s.mus[i-1].Unlock()
}

// All of them, one after another.
func (s *Stripes) AllOk() {
	for i := range s.mus {
		s.mus[i].Lock()
	}
	s.n++
	for i := range s.mus {
		s.mus[i].Unlock()
	}
}

func (s *Stripes) AllDeferOk() {
	for i := range s.mus {
		s.mus[i].Lock()
		defer s.mus[i].Unlock()
	}
	s.n++
}

// Always the first of them.
func (s *Stripes) AllBad() {
	for range s.mus {
		s.mus[0].Lock() // want `s\.mus\[0\] (is|can be) locked again while this goroutine still holds it from line \d+; this call (then )?never returns \(doublelock\)`
	}
	s.n++
}

type cell struct {
	mu sync.Mutex
	v  int
}

func (c *cell) reset() {
	c.mu.Lock()
	c.v = 0
	c.mu.Unlock()
}

func SliceBad(cells []cell, i int) {
	cells[i].mu.Lock()
	defer cells[i].mu.Unlock()
	cells[i].reset() // want `calling \(\*cell\)\.reset locks cells\[i\]\.mu \(elements\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func SliceOk(cells []cell, i int) {
	cells[i].mu.Lock()
	defer cells[i].mu.Unlock()
	cells[1-i].reset()
}

func RangeOk(cells []*cell) {
	for _, c := range cells {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
}

func RangeBad(cells []*cell) {
	for _, c := range cells {
		c.mu.Lock()
		c.reset() // want `calling \(\*cell\)\.reset locks c\.mu \(elements\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
		c.mu.Unlock()
	}
}

// Two loops over one slice: pairs of elements.
func PairsOk(cells []*cell) {
	for i, a := range cells {
		for _, b := range cells[i+1:] {
			a.mu.Lock()
			b.mu.Lock()
			a.v, b.v = b.v, a.v
			b.mu.Unlock()
			a.mu.Unlock()
		}
	}
}

type Rooms struct {
	byName map[string]*cell
}

func NewRooms() *Rooms {
	return &Rooms{byName: map[string]*cell{"a": {}, "b": {}}}
}

func (r *Rooms) KeysOk() {
	r.byName["a"].mu.Lock()
	r.byName["b"].mu.Lock()
	r.byName["a"].v++
	r.byName["b"].mu.Unlock()
	r.byName["a"].mu.Unlock()
}

func (r *Rooms) VariableBad() {
	c := r.byName["a"]
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reset() // want `calling \(\*cell\)\.reset locks c\.mu \(elements\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

// The variable names another element by then.
func (r *Rooms) VariableOk() {
	c := r.byName["a"]
	c.mu.Lock()
	defer c.mu.Unlock()
	c = r.byName["b"]
	c.reset()
}
