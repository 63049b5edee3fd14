// Purpose: locks taken and released in loops; what one iteration leaves for the
// next, with continue, break, labels and goto.

package paths

import "sync"

type Loop struct {
	mu sync.Mutex
	n  int
}

func (l *Loop) EachOk(items []int) {
	for _, item := range items {
		l.mu.Lock()
		l.n += item
		l.mu.Unlock()
	}
}

func (l *Loop) EachBad(items []int) {
	for _, item := range items {
		l.mu.Lock() // want `l\.mu (is|can be) locked again while this goroutine still holds it from line \d+; this call (then )?never returns \(doublelock\)`
		l.n += item
	}
}

func (l *Loop) ForeverBad() {
	for {
		l.mu.Lock() // want `l\.mu (is|can be) locked again while this goroutine still holds it from line 30; this call (then )?never returns \(doublelock\)`
		l.n++
	}
}

func (l *Loop) ForeverOk() {
	for {
		l.mu.Lock()
		l.n++
		if l.n > 3 {
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
	}
}

// A deferred unlock waits for the function, not for the iteration.
func (l *Loop) DeferBad(items []int) {
	for _, item := range items {
		l.mu.Lock() // want `l\.mu (is|can be) locked again while this goroutine still holds it from line \d+; this call (then )?never returns \(doublelock\)`
		defer l.mu.Unlock()
		l.n += item
	}
}

func (l *Loop) DeferOk(items []int) {
	for _, item := range items {
		func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.n += item
		}()
	}
}

// The continue forgets the unlock.
func (l *Loop) ContinueBad(items []int) {
	for _, item := range items {
		l.mu.Lock() // want `l\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
		if item > 0 {
			continue
		}
		l.n += item
		l.mu.Unlock()
	}
}

func (l *Loop) ContinueOk(items []int) {
	for _, item := range items {
		l.mu.Lock()
		if item < 0 {
			l.mu.Unlock()
			continue
		}
		l.n += item
		l.mu.Unlock()
	}
}

// Leaves the loop with the lock, and locks.
func (l *Loop) BreakBad() {
	for {
		l.mu.Lock()
		if l.n == 0 {
			break
		}
		l.mu.Unlock()
	}
	l.mu.Lock() // want `l\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	l.n++
	l.mu.Unlock()
}

// Leaves the loop with the lock, and releases it there.
func (l *Loop) BreakOk() {
	for {
		l.mu.Lock()
		if l.n == 0 {
			break
		}
		l.mu.Unlock()
	}
	l.n++
	l.mu.Unlock()
}

// Retry: leave the loop only with the lock.
func (l *Loop) RetryOk() {
	l.mu.Lock()
	for l.n < 0 {
		l.mu.Unlock()
		l.mu.Lock()
	}
	l.n++
	l.mu.Unlock()
}

func (l *Loop) LabelOk(rows [][]int) {
outer:
	for _, row := range rows {
		l.mu.Lock()
		for _, v := range row {
			if v > 0 {
				l.mu.Unlock()
				continue outer
			}
			if v < 0 {
				l.mu.Unlock()
				break outer
			}
		}
		l.mu.Unlock()
	}
	l.mu.Lock()
	l.n++
	l.mu.Unlock()
}

func (l *Loop) LabelBad(rows [][]int) {
outer:
	for _, row := range rows {
		l.mu.Lock() // want `l\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
		for _, v := range row {
			if v > 0 {
				continue outer
			}
		}
		l.mu.Unlock()
	}
}

// break in a select leaves the select, not the loop.
func (l *Loop) SelectBreakOk(in chan int) {
	for i := 0; i < 3; i++ {
		l.mu.Lock()
		select {
		case v := <-in:
			if v < 0 {
				break
			}
			l.n += v
		default:
		}
		l.mu.Unlock()
	}
}

func (l *Loop) GotoOk() {
retry:
	l.mu.Lock()
	if l.n < 0 {
		l.n++
		l.mu.Unlock()
		goto retry
	}
	l.mu.Unlock()
}

func (l *Loop) GotoBad() {
retry:
	l.mu.Lock() // want `l\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
	if l.n <= 0 {
		l.n++
		goto retry
	}
	l.mu.Unlock()
}

// A mutex of the iteration.
func (l *Loop) LocalOk(items []int) {
	for range items {
		var mu sync.Mutex
		mu.Lock()
		l.n++
	}
}

// One mutex for all iterations.
func (l *Loop) LocalBad(items []int) {
	var mu sync.Mutex
	for range items {
		mu.Lock() // want `mu (is|can be) locked again while this goroutine still holds it from line \d+; this call (then )?never returns \(doublelock\)`
		l.n++
	}
}

// Locked in the first iteration, unlocked in the last.
func (l *Loop) FirstLastOk(items []int) {
	for i := range items {
		if i == 0 {
			l.mu.Lock()
		}
		l.n++
		if i == len(items)-1 {
			l.mu.Unlock()
		}
	}
}

func (l *Loop) RangeFuncOk(seq func(yield func(int) bool)) {
	for v := range seq {
		l.mu.Lock()
		l.n += v
		l.mu.Unlock()
	}
}
