// Purpose: two objects of one type are locked with nothing that orders them: two
// goroutines with the arguments exchanged can deadlock, if the caller lets them.
// Checked with -all, which does not find them either.

package unordered

import "sync"

type Account struct {
	id      int
	mu      sync.Mutex
	balance int
}

// not found: an edge from a class to itself says nothing unless the link between
// the two objects is known, since most pairs are ordered by something unseen.
func TransferMissed(from, to *Account, n int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= n
	to.balance += n
}

func TransferOk(from, to *Account, n int) {
	first, second := from, to
	if to.id < from.id {
		first, second = to, from
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	from.balance -= n
	to.balance += n
}

type List struct {
	mu    sync.Mutex
	items []int
}

func (l *List) add(items []int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items = append(l.items, items...)
}

// not found: as TransferMissed, through a call.
func (l *List) AppendMissed(other *List) {
	l.mu.Lock()
	defer l.mu.Unlock()
	other.add(l.items)
}

func (l *List) AppendOk(other *List) {
	l.mu.Lock()
	items := append([]int(nil), l.items...)
	l.mu.Unlock()
	other.add(items)
}

// Down along one link, up along another: inverse by intent, not by type.
//
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
