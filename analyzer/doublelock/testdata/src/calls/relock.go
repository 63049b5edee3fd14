// Purpose: helpers that are entered with the lock held, release it, and take
// it back: their Lock is no second lock. Without the release it is.

package calls

import (
	"runtime"
	"sync"
)

type Queue struct {
	mu    sync.Mutex
	depth int
}

// waitLocked gives the lock back for a moment.
func (q *Queue) waitLocked() {
	q.mu.Unlock()
	runtime.Gosched()
	q.mu.Lock()
}

func (q *Queue) DrainOk() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.depth > 0 {
		q.waitLocked()
		q.depth--
	}
}

// wait forgot the first half.
func (q *Queue) wait() {
	runtime.Gosched()
	q.mu.Lock()
}

func (q *Queue) DrainBad() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.wait() // want `calling \(\*Queue\)\.wait locks q\.mu \(relock\.go:35\), which is already held from line \d+; the call never returns \(doublelock\)`
}

// The same with a deferred Lock.
func (q *Queue) ioLocked() int {
	q.mu.Unlock()
	defer q.mu.Lock()
	runtime.Gosched()
	return 1
}

func (q *Queue) ReadOk() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.depth + q.ioLocked()
}

// Only one path of the helper releases; that path takes it back.
func (q *Queue) maybeLocked(slow bool) {
	if slow {
		q.mu.Unlock()
		defer q.mu.Lock()
	}
	runtime.Gosched()
}

func (q *Queue) MaybeOk(slow bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.maybeLocked(slow)
	q.depth++
}

// unlocked runs f without the lock.
func (q *Queue) unlocked(f func()) {
	q.mu.Unlock()
	defer q.mu.Lock()
	f()
}

func (q *Queue) push() {
	q.mu.Lock()
	q.depth++
	q.mu.Unlock()
}

func (q *Queue) CallbackOk() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.unlocked(func() { q.push() })
	q.unlocked(q.push)
}

func (q *Queue) CallbackBad() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.unlocked(func() { runtime.Gosched() })
	q.push() // want `calling \(\*Queue\)\.push locks q\.mu \(relock\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

// The helper of a helper.
func (q *Queue) pauseLocked() { q.waitLocked() }

func (q *Queue) PauseOk() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pauseLocked()
	q.pauseLocked()
}

func (q *Queue) PauseBad() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pauseLocked()
	q.push() // want `calling \(\*Queue\)\.push locks q\.mu \(relock\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

// A callee that unlocks for good.
func (q *Queue) finishLocked() {
	q.depth = 0
	q.mu.Unlock()
}

func (q *Queue) FinishOk() {
	q.mu.Lock()
	q.depth++
	q.finishLocked()
	q.mu.Lock()
	q.depth++
	q.mu.Unlock()
}

// In one body, in a loop.
func (q *Queue) LoopOk() {
	q.mu.Lock()
	for q.depth > 0 {
		q.depth--
		q.mu.Unlock()
		runtime.Gosched()
		q.mu.Lock()
	}
	q.mu.Unlock()
}
