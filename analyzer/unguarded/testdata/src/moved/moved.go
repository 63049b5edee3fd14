// Package moved takes what is queued out of the guarded place, by a helper that returns it, before it unlocks.
package moved

import "sync"

type Queue struct {
	mu    sync.Mutex
	jobs  []func()
	spare []func()
	stats map[string]int
}

func (q *Queue) Push(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) > 0 && q.jobs[0] == nil {
		q.jobs[0] = f
		return
	}
	q.jobs = append(q.jobs, f)
	q.jobs[len(q.jobs)-1] = f
	q.stats["push"]++
}

func (q *Queue) Clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range q.jobs {
		q.jobs[i] = nil
	}
	clear(q.stats)
}

// queued returns what is queued; the lock must be held.
func (q *Queue) queued() []func() { return q.jobs }

// both is the same with a second result.
func (q *Queue) both() (map[string]int, []func()) { return q.stats, q.jobs }

func (q *Queue) Run() {
	q.mu.Lock()
	jobs := q.queued()
	q.jobs = nil
	q.mu.Unlock()
	for _, f := range jobs {
		f()
	}
}

// take gives the jobs to its callers for good.
func (q *Queue) take() []func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	stats, jobs := q.both()
	q.jobs, q.stats = make([]func(), 0, 8), map[string]int{"take": len(stats)}
	return jobs
}

func (q *Queue) RunTaken() {
	for _, f := range q.take() {
		f()
	}
}

func (q *Queue) empty() { q.jobs = nil }

// Drain has the jobs taken out by another helper.
func (q *Queue) Drain() {
	q.mu.Lock()
	jobs := q.queued()
	q.empty()
	q.mu.Unlock()
	for _, f := range jobs {
		f()
	}
}
