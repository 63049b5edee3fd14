// Purpose: an unlock is put before the exit that forgot it, where the lock may not be held
// until the function ends. Results that must be computed under the lock are kept first.

package fixes

import (
	"fmt"
	"io"
	"sync"
)

func (s *store) work() {}

func (s *store) get(k string) string { return s.m[k] }

func (s *store) pair() (string, int) { return s.m[""], s.n }

func (s *store) plain(k string) error {
	s.mu.Lock()
	if s.n == 0 {
		// Nothing is there.
		return fmt.Errorf("no %s", k) // want `this return leaves s.mu locked`
	}
	if s.n == 1 {
		return io.EOF // in the finding above
	}
	s.mu.Unlock()
	s.work() // may take long
	return nil
}

func (s *store) field(ch chan int) int {
	s.mu.Lock()
	if s.n < 0 {
		return -s.n // want `this return leaves s.mu locked`
	}
	s.mu.Unlock()
	return <-ch
}

func (s *store) several(k string) (int, string, error) {
	s.mu.Lock()
	if result := s.n; result > 0 {
		return s.n + result, s.get(k), nil // want `this return leaves s.mu locked`
	}
	s.mu.Unlock()
	s.work()
	return 0, "", errNo
}

func (s *store) tuple() (string, int) {
	s.mu.Lock()
	if s.n > 0 {
		return s.pair() // want `this return leaves s.mu locked`
	}
	s.mu.Unlock()
	s.work()
	return "", 0
}

func (s *store) compare() bool {
	s.mu.Lock()
	if s.m != nil {
		return s.n > 1 // want `this return leaves s.mu locked`
	}
	s.mu.Unlock()
	s.work()
	return false
}

// The literal may change n.
func (s *store) captured() int {
	n := 0
	go func() {
		s.mu.Lock()
		n++
		s.mu.Unlock()
	}()
	s.rw.Lock()
	if s.n > 0 {
		return n // want `this return leaves s.rw locked`
	}
	s.rw.Unlock()
	s.work()
	return 0
}

func (s *store) end(ks []string, f func()) {
	s.mu.Lock()
	for _, k := range ks {
		if k == "" {
			s.mu.Unlock()
			f()
			return
		}
		delete(s.m, k)
	}
	// All are gone.
} // want `the end of the function leaves s.mu locked`

func (s *store) inLoop(ks []string) error {
	for _, k := range ks {
		s.mu.Lock()
		if s.m[k] == "" {
			return errNo // want `this return leaves s.mu locked`
		}
		delete(s.m, k)
		s.mu.Unlock()
	}
	return nil
}

func (s *store) panics(f func()) {
	defer func() { recover() }()
	s.mu.Lock()
	if s.n < 0 {
		panic("n") // want `this panic, which is recovered, leaves s.mu locked`
	}
	s.mu.Unlock()
	f()
}

// To delete the only statement of a block would leave an empty one.
func (s *store) only(k int) int {
	s.mu.Lock()
	if k == 0 {
		s.mu.Unlock()
	} else if k == 1 {
		return k // want `this return leaves s.mu locked`
	} else {
		s.mu.Unlock()
	}
	return 0
}

type queue struct {
	cond *sync.Cond
	msgs []int
	quit chan bool
}

func (q *queue) consume(f func(int)) {
	for {
		q.cond.L.Lock()
		for len(q.msgs) == 0 {
			q.cond.Wait()
			select {
			case <-q.quit:
				return // want `this return leaves q.cond.L locked`
			default:
			}
		}
		m := q.msgs[0]
		q.msgs = q.msgs[1:]
		q.cond.L.Unlock()
		f(m)
	}
}

type user struct {
	s     *store // never another
	locks []sync.Mutex
}

func (u *user) through() int {
	u.s.mu.Lock()
	if u.s.n == 0 {
		return 0 // want `this return leaves u.s.mu locked`
	}
	u.s.mu.Unlock()
	u.s.work()
	return 1
}

func pick(us []*user) {
	for _, u := range us {
		s := u.s
		s.mu.Lock()
		if s.n == 0 {
			return // want `this return leaves s.mu locked`
		}
		s.mu.Unlock()
		s.work()
	}
}
