// Purpose: two objects of one type are locked, down along one link and up along another.
// Checked with -all, which does not find it either.

package unordered

import "sync"

// not found: that kids and parent are inverses of each other is not known.
type Dir struct {
	mu     sync.Mutex
	parent *Dir
	kids   []*Dir
	size   int
}

func (d *Dir) SumMissed() (sum int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, kid := range d.kids {
		kid.mu.Lock()
		sum += kid.size
		kid.mu.Unlock()
	}
	return sum
}

func (d *Dir) GrowMissed() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.parent.mu.Lock()
	d.parent.size++
	d.parent.mu.Unlock()
}
