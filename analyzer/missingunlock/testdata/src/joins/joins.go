// Package joins has paths that keep a lock and join others before the return.
package joins

import "sync"

type box struct {
	mu sync.Mutex
	n  int
}

func (b *box) loop(ks []int) {
	for _, k := range ks {
		b.mu.Lock()
		if k == 0 {
			break
		}
		b.n += k
		b.mu.Unlock()
	}
} // want `the end of the function can leave b.mu locked since line 13`

func (b *box) one(x, y int) {
	b.mu.Lock()
	if x > y {
		b.n++
		b.mu.Unlock()
	}
	println(x)
} // want `the end of the function can leave b.mu locked since line 23`

// flag remembers what is to be done.
func (b *box) flag(x, y int) {
	b.mu.Lock()
	locked := true
	if x > y {
		b.mu.Unlock()
		locked = false
	}
	println(x)
	if locked {
		b.mu.Unlock()
	}
}

var errNo error

// sum tells its callers that all went well, but nobody can reach mu who unlocks it for sum.
func (b *box) Sum() error {
	b.mu.Lock()
	if b.n == 0 {
		return nil // want `this return leaves b.mu locked since line 49`
	}
	b.mu.Unlock()
	return errNo
}

type key struct {
	mu sync.Mutex
	n  int
}

// grab hands out what unlocks.
type release func()

func (k *key) grab() (int, release, error) {
	k.mu.Lock()
	if k.n == 0 {
		k.mu.Unlock()
		return 0, nil, errNo
	}
	return k.n, k.give, nil
}

func (k *key) give() { k.mu.Unlock() }

// flagged has a deferred function that knows by a flag whether the lock is held.
func (k *key) flagged(xs []int) error {
	var locked bool
	defer func() {
		if !locked {
			k.mu.Lock()
		}
		k.n++
		k.mu.Unlock()
	}()
	if len(xs) == 0 {
		return errNo
	}
	locked = true
	k.mu.Lock()
	for _, x := range xs {
		if x == 0 {
			return errNo
		}
		k.mu.Unlock()
		locked = false
		if x == 1 {
			return errNo
		}
		k.mu.Lock()
		locked = true
	}
	return nil
}

// unflagged takes the flag the wrong way round.
func (k *key) unflagged(x int) error {
	var locked bool
	defer func() {
		if !locked {
			k.mu.Unlock()
		}
	}()
	locked = true
	k.mu.Lock()
	if x == 0 {
		return errNo // want `this return leaves k.mu locked since line`
	}
	locked = false
	return nil
}
