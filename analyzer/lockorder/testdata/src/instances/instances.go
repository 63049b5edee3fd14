// Purpose: several objects of one type. Along one link, or in the order of ids,
// indices or addresses, nothing is inverted; nothing is said of a pair with no
// visible order either (see package unordered).

package instances

import (
	"sync"
	"unsafe"
)

type Account struct {
	id      int
	mu      sync.Mutex
	balance int
}

func TransferSortedOk(from, to *Account, n int) {
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

func TransferBranchOk(from, to *Account, n int) {
	if from.id < to.id {
		from.mu.Lock()
		to.mu.Lock()
	} else {
		to.mu.Lock()
		from.mu.Lock()
	}
	from.balance -= n
	to.balance += n
	from.mu.Unlock()
	to.mu.Unlock()
}

func TransferAddressOk(from, to *Account, n int) {
	if uintptr(unsafe.Pointer(from)) > uintptr(unsafe.Pointer(to)) {
		to.mu.Lock()
		from.mu.Lock()
	} else {
		from.mu.Lock()
		to.mu.Lock()
	}
	from.balance -= n
	to.balance += n
	to.mu.Unlock()
	from.mu.Unlock()
}

type Node struct {
	mu   sync.Mutex
	next *Node
	val  int
}

// Hand over hand, always forward.
func (n *Node) FindOk(val int) *Node {
	n.mu.Lock()
	for n.val != val && n.next != nil {
		next := n.next
		next.mu.Lock()
		n.mu.Unlock()
		n = next
	}
	n.mu.Unlock()
	return n
}

func (n *Node) InsertOk(val int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if next := n.next; next != nil {
		next.mu.Lock()
		defer next.mu.Unlock()
	}
	n.next = &Node{next: n.next, val: val}
}

// Always from the parent down.
type Dir struct {
	mu   sync.Mutex
	kids map[string]*Dir
	size int
}

func (d *Dir) SumOk() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	sum := d.size
	for _, kid := range d.kids {
		sum += kid.SumOk()
	}
	return sum
}

func (d *Dir) AddOk(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	kid := &Dir{}
	kid.mu.Lock()
	kid.size = 1
	kid.mu.Unlock()
	d.kids[name] = kid
}

// Up here, down there, along one and the same link.
type Task struct {
	mu     sync.Mutex
	parent *Task
	open   int
}

func (t *Task) DoneBad() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.parent.mu.Lock() // want `Task\.mu.*\(lockorder\)`
	t.parent.open--
	t.parent.mu.Unlock()
}

func (t *Task) ReopenBad() {
	p := t.parent
	p.mu.Lock()
	defer p.mu.Unlock()
	t.mu.Lock()
	p.open++
	t.mu.Unlock()
}

// Always up.
type Step struct {
	mu     sync.Mutex
	parent *Step
	open   int
}

func (s *Step) DoneOk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parent.mu.Lock()
	s.parent.open--
	s.parent.mu.Unlock()
}

func (s *Step) ReopenOk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.parent
	p.mu.Lock()
	p.open++
	p.mu.Unlock()
}
