// Package between has accesses under the wrong lock of an object, or under a lock in the wrong mode.
package between

import "sync"

// A Feed has two locks.
type Feed struct {
	sync.Mutex
	last int

	wantMu sync.RWMutex
	want   map[string]bool
}

func (f *Feed) Want(k string) {
	f.wantMu.Lock()
	defer f.wantMu.Unlock()
	f.want[k] = true
}

func (f *Feed) Forget(k string) {
	f.wantMu.Lock()
	defer f.wantMu.Unlock()
	delete(f.want, k)
}

func (f *Feed) Wants(k string) bool {
	f.wantMu.RLock()
	defer f.wantMu.RUnlock()
	return f.want[k]
}

// Poll holds the lock of what it found last, which nobody of the above does.
func (f *Feed) Poll() {
	f.Lock()
	defer f.Unlock()
	for range f.want { // want `read of the content of Feed.want without holding Feed.wantMu`
		f.last++
	}
}

// PollRight holds both.
func (f *Feed) PollRight() {
	f.Lock()
	defer f.Unlock()
	f.wantMu.RLock()
	defer f.wantMu.RUnlock()
	for range f.want {
		f.last++
	}
}

// A Cache writes in two branches what it has looked up.
type Cache struct {
	mu    sync.RWMutex
	infos map[string]string
	names map[string]string
}

func (c *Cache) Update(ip, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.infos[ip] = name
	delete(c.names, ip)
}

func (c *Cache) Name(ip string) string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if n, ok := c.names[ip]; ok {
		return n
	}
	if n, ok := c.infos[ip]; ok {
		c.names[ip] = n // want `write to the content of Cache.names while Cache.mu is only read-locked`
		return n
	}
	c.names[ip] = ""
	return ""
}
