package between

import "sync"

// A clone is filled while the original is read-locked: its content is another map, with another lock.

type shelf struct {
	mu    sync.RWMutex
	books map[string]int
}

type library struct {
	name string
	*shelf
}

func (l *library) open() {
	if l.shelf == nil {
		l.shelf = &shelf{books: map[string]int{}}
	}
}

func (l *library) like() *library { return &library{name: l.name} }

func (l *library) Clone() *library {
	n := l.like()
	n.open()
	l.mu.RLock()
	defer l.mu.RUnlock()
	for k, v := range l.books {
		n.books[k] = v
	}
	return n
}

func (l *library) Lend(k string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.books[k]--
}

func (l *library) Count(k string) int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.books[k]
}

// Touch writes the very content that it has read-locked.
func (l *library) Touch(k string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	l.books[k] = 0 // want `write to the content of shelf\.books while shelf\.mu is only read-locked`
}
