// Package limiter limits how often each client may come, and forgets the counts from time to time.
package limiter

import "sync"

// A Limiter counts the requests of each client.
type Limiter struct {
	mu     sync.Mutex
	limit  int
	counts map[string]int
}

// New returns a limiter.
func New(limit int) *Limiter {
	return &Limiter{limit: limit, counts: map[string]int{}}
}

// Allow counts a request and reports whether it is within the limit.
func (l *Limiter) Allow(client string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts[client] >= l.limit {
		return false
	}
	l.counts[client]++
	return true
}

// Used returns the number of requests of a client.
func (l *Limiter) Used(client string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counts[client]
}

// Forget forgets all clients.
func (l *Limiter) Forget() {
	for client := range l.counts {
		delete(l.counts, client)
	}
}
