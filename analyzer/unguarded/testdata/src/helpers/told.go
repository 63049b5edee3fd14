package helpers

import "sync"

// A List has a helper that takes the lock itself if it is told to.
type List struct {
	mu    sync.RWMutex
	cache map[string]int
}

func (l *List) remove(s string, lock bool) {
	if lock {
		l.mu.Lock()
		defer l.mu.Unlock()
	}
	l.drop(s)
}

func (l *List) drop(s string) { delete(l.cache, s) }

// Remove tells it to.
func (l *List) Remove(s string) { l.remove(s, true) }

func (l *List) RemoveAll(all []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range all {
		l.remove(s, false)
	}
}

func (l *List) Add(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cache[s]++
}

func (l *List) Get(s string) int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.cache[s]
}
