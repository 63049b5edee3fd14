// Purpose: the ways an RWMutex can be reached: global, embedded, pointer,
// generic, array element, RLocker, sync.Locker.

package direct

import "sync"

var (
	tableMu sync.RWMutex
	table   map[string]int
)

func SetTable(t map[string]int) {
	tableMu.Lock()
	table = t
	tableMu.Unlock()
}

func lookup(key string) int {
	tableMu.RLock()
	defer tableMu.RUnlock()
	return table[key]
}

func GlobalBad() int {
	tableMu.RLock()
	defer tableMu.RUnlock()
	return len(table) + lookup("") // want `calling lookup read-locks tableMu \(forms\.go:20\).* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func GlobalOk() int {
	tableMu.RLock()
	n := len(table)
	tableMu.RUnlock()
	return n + lookup("")
}

type Index struct {
	sync.RWMutex
	n int
}

func (x *Index) Set(n int) {
	x.Lock()
	x.n = n
	x.Unlock()
}

func (x *Index) EmbeddedBad() int {
	x.RLock()
	defer x.RUnlock()
	x.RLock() // want `x(\.RWMutex)? is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer x.RUnlock()
	return x.n
}

func (x *Index) EmbeddedOk() int {
	x.RLock()
	n := x.n
	x.RUnlock()
	x.RLock()
	defer x.RUnlock()
	return n + x.n
}

// The read side as a Locker is the same lock.
func (x *Index) LockerBad() int {
	l := x.RLocker()
	l.Lock()
	defer l.Unlock()
	x.RLock() // want `(l|x(\.RWMutex)?) is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer x.RUnlock()
	return x.n
}

func (x *Index) LockerSecondBad() int {
	x.RLock()
	defer x.RUnlock()
	l := x.RLocker()
	l.Lock() // want `(l|x(\.RWMutex)?) is (read-)?locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer l.Unlock()
	return x.n
}

func (x *Index) LockerOk() int {
	l := x.RLocker()
	l.Lock()
	n := x.n
	l.Unlock()
	x.RLock()
	defer x.RUnlock()
	return n + x.n
}

// A Locker over the write side is no reader.
func (x *Index) WriteLockerOk() {
	var l sync.Locker = &x.RWMutex
	l.Lock()
	x.n++
	l.Unlock()
	x.RLock()
	x.RUnlock()
}

type Shared[T any] struct {
	mu *sync.RWMutex
	v  T
}

func NewShared() *Shared[int] { return &Shared[int]{mu: new(sync.RWMutex)} }

func (s *Shared[T]) Set(v T) {
	s.mu.Lock()
	s.v = v
	s.mu.Unlock()
}

func (s *Shared[T]) Get() T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.v
}

func (s *Shared[T]) GenericBad() T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.Get() // want `calling \(\*Shared(\[.*\])?\)\.Get read-locks s\.mu \(forms\.go:\d+\).* read-locked (since|from) line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
}

func (s *Shared[T]) GenericOk() T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.v
}

type Shards struct {
	mus [8]sync.RWMutex
	n   int
}

func (s *Shards) Set(i, n int) {
	s.mus[i].Lock()
	s.n = n
	s.mus[i].Unlock()
}

func (s *Shards) ElementBad(i int) int {
	s.mus[i].RLock()
	defer s.mus[i].RUnlock()
	s.mus[i].RLock() // want `s\.mus\[i\] is read-locked again while read-locked since line \d+; a writer waiting in between deadlocks both \(rlockrecursion\)`
	defer s.mus[i].RUnlock()
	return s.n
}

func (s *Shards) ElementOk(i, j int) int {
	s.mus[i].RLock()
	defer s.mus[i].RUnlock()
	s.mus[j].RLock()
	defer s.mus[j].RUnlock()
	return s.n
}

func (s *Shards) AllOk() int {
	for i := range s.mus {
		s.mus[i].RLock()
		defer s.mus[i].RUnlock()
	}
	return s.n
}
