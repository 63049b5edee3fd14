// Purpose: the weaker band, off by default. Two objects of one type are locked
// with nothing that orders them: two goroutines with the arguments exchanged can
// deadlock, if the caller lets them.

package unordered

import "sync"

type Account struct {
	id      int
	mu      sync.Mutex
	balance int
}

func TransferBad(from, to *Account, n int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock() // want `Account\.mu.*\(lockorder\)`
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

func (l *List) AppendBad(other *List) {
	l.mu.Lock()
	defer l.mu.Unlock()
	other.add(l.items) // want `List\.mu.*\(lockorder\)`
}

func (l *List) AppendOk(other *List) {
	l.mu.Lock()
	items := append([]int(nil), l.items...)
	l.mu.Unlock()
	other.add(items)
}

// Down along one link, up along another: inverse by intent, not by type.
type Dir struct {
	mu     sync.Mutex
	parent *Dir
	kids   []*Dir
	size   int
}

func (d *Dir) SumBad() (sum int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, kid := range d.kids {
		kid.mu.Lock() // want `Dir\.mu.*\(lockorder\)`
		sum += kid.size
		kid.mu.Unlock()
	}
	return sum
}

func (d *Dir) GrowBad() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.parent.mu.Lock()
	d.parent.size++
	d.parent.mu.Unlock()
}
