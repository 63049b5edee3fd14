// Purpose: several objects of one type locked at once, along the links of a
// tree or list: parent and child, hand over hand, reassigned pointers. Never a
// second lock of one object, except where it is.

package identity

import "sync"

type Dir struct {
	mu     sync.Mutex
	parent *Dir
	kids   []*Dir
	next   *Dir
	size   int
}

func NewDir() *Dir {
	root := &Dir{}
	a, b := &Dir{parent: root}, &Dir{parent: root}
	root.kids = []*Dir{a, b}
	a.kids = []*Dir{{parent: a}, {parent: a}}
	a.next = b
	return a
}

func (d *Dir) grow() {
	d.mu.Lock()
	d.size++
	d.mu.Unlock()
}

func (d *Dir) ChildrenOk() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, kid := range d.kids {
		kid.grow()
	}
}

func (d *Dir) ChildrenBad() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for range d.kids {
		d.grow() // want `calling \(\*Dir\)\.grow locks d\.mu \(tree\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
	}
}

// The whole tree, top down, each level under its parent's lock.
func (d *Dir) WalkOk(visit func(*Dir)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, kid := range d.kids {
		kid.WalkOk(visit)
	}
}

func (d *Dir) UpOk() {
	if d.parent == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.parent.grow()
}

// Hand over hand.
func (d *Dir) CrabOk() int {
	d.mu.Lock()
	for d.next != nil {
		next := d.next
		next.mu.Lock()
		d.mu.Unlock()
		d = next
	}
	defer d.mu.Unlock()
	return d.size
}

// The hand that was to move stays.
func (d *Dir) CrabBad() int {
	d.mu.Lock()
	for d.next != nil {
		next := d.next
		d.mu.Lock() // want `d\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
		d.mu.Unlock()
		d = next
	}
	defer d.mu.Unlock()
	return d.size
}

// One node after another.
func (d *Dir) ListOk() int {
	sum := 0
	for n := d; n != nil; n = n.next {
		n.mu.Lock()
		sum += n.size
		n.mu.Unlock()
	}
	return sum
}

// All nodes at once.
func (d *Dir) ListAllOk() {
	for n := d; n != nil; n = n.next {
		n.mu.Lock()
		defer n.mu.Unlock()
	}
	d.size++
}

// The receiver itself is reassigned.
func (d *Dir) ReassignedOk() {
	d.mu.Lock()
	d.size++
	held := d
	if d = d.parent; d != nil {
		d.mu.Lock()
		d.size++
		d.mu.Unlock()
	}
	held.mu.Unlock()
}

func (d *Dir) ReassignedBad() {
	d.mu.Lock()
	e := d.next
	e = d
	e.mu.Lock() // want `[de]\.mu is locked again while this goroutine still holds it from line \d+; this call never returns \(doublelock\)`
	e.size++
}

// An inner variable of the same name.
func (d *Dir) ShadowedOk() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d := d.next; d != nil {
		d.mu.Lock()
		d.size++
		d.mu.Unlock()
	}
}

// A field step changed between the two.
func (d *Dir) RelinkedOk() {
	if d.next == nil {
		return
	}
	first := d.next
	d.next.mu.Lock()
	d.next = &Dir{}
	d.next.mu.Lock()
	d.next.size++
	d.next.mu.Unlock()
	first.mu.Unlock()
}

// A fresh object is no other object.
func (d *Dir) FreshOk() {
	d.mu.Lock()
	defer d.mu.Unlock()
	kid := &Dir{parent: d}
	kid.mu.Lock()
	d.kids = append(d.kids, kid)
	kid.mu.Unlock()
}

func (d *Dir) newKid() *Dir {
	kid := &Dir{parent: d}
	kid.mu.Lock()
	return kid
}

// Two calls, two objects, both locked on return.
func (d *Dir) FreshCallsOk() {
	a := d.newKid()
	b := d.newKid()
	b.mu.Unlock()
	a.mu.Unlock()
}

// Up the path the callee takes it back to where it started.
func (d *Dir) growParent() { d.parent.grow() }

func (d *Dir) ParentOk() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.parent != nil {
		d.growParent()
	}
}

func (d *Dir) ParentBad() {
	if d.parent == nil {
		return
	}
	d.parent.mu.Lock()
	defer d.parent.mu.Unlock()
	d.growParent() // want `calling \(\*Dir\)\.growParent locks d\.parent\.mu \(tree\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}
