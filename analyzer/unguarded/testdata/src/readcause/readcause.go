// Package readcause writes several fields by one call under a read lock.
package readcause

import "sync"

type Block struct {
	mu    sync.RWMutex
	size  int
	sum   int
	cache []byte
}

func (b *Block) load() {
	b.size++ // want `write to Block\.size while Block\.mu is only read-locked: other readers run at the same time`
	b.check()
}

func (b *Block) check() {
	b.sum = b.size
	b.cache = nil
}

func (b *Block) Set(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.size, b.sum, b.cache = n, n, make([]byte, n)
}

func (b *Block) Load() {
	b.mu.Lock()
	b.load()
	b.mu.Unlock()
}

func (b *Block) Get() (int, int, int) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.size, b.sum, len(b.cache)
}

func (b *Block) Sum() int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.sum == 0 {
		b.load()
	}
	return b.sum
}
