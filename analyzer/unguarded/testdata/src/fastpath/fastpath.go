// Package fastpath has reads outside of the lock that are repeated with it.
package fastpath

import (
	"sync"
	"sync/atomic"
)

type Table struct {
	mu   sync.Mutex
	rows map[string]int
	conn *int
}

func (t *Table) Row(k string) int {
	if n, ok := t.rows[k]; ok { // want `read of the content of Table.rows without holding Table.mu, before it is read again at line 20 with Table.mu held: the first read races with the write at fastpath.go:24`
		return n
	}
	t.mu.Lock()
	if n, ok := t.rows[k]; ok {
		t.mu.Unlock()
		return n
	}
	t.rows[k] = len(k)
	t.mu.Unlock()
	return len(k)
}

func (t *Table) Conn() *int {
	if t.conn == nil { // want `read of Table.conn without holding Table.mu, before it is read again at line \d+ with Table.mu held`
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.conn == nil {
			t.conn = new(int)
		}
	}
	return t.conn
}

// Safe is the right twin.
type Safe struct {
	mu   sync.RWMutex
	rows map[string]int
	conn atomic.Pointer[int]
}

func (t *Safe) Row(k string) int {
	t.mu.RLock()
	n, ok := t.rows[k]
	t.mu.RUnlock()
	if ok {
		return n
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if n, ok := t.rows[k]; ok {
		return n
	}
	t.rows[k] = len(k)
	return len(k)
}

func (t *Safe) Conn() *int {
	if c := t.conn.Load(); c != nil {
		return c
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if c := t.conn.Load(); c != nil {
		return c
	}
	c := new(int)
	t.conn.Store(c)
	return c
}
