// Package nilable has locks that may not be there: pointers that are tested before each use.
package nilable

import "sync"

type disk struct {
	walk *sync.Mutex
	read *sync.Mutex
	n    int
}

func newDisk(serial bool) *disk {
	d := &disk{}
	register(d)
	if serial {
		d.walk = &sync.Mutex{}
		d.read = &sync.Mutex{}
	}
	return d
}

var disks []*disk

func register(d *disk) { disks = append(disks, d) }

// serialize is called before the disk is used, which is not seen.
func (d *disk) serialize() {
	d.walk = &sync.Mutex{}
	d.read = &sync.Mutex{}
}

// good takes one behind the other.
func (d *disk) good() {
	if d.walk != nil {
		d.walk.Lock()
	}
	d.n++
	if d.walk != nil {
		d.walk.Unlock()
	}
	if d.read != nil {
		d.read.Lock()
	}
	d.n++
	if d.read != nil {
		d.read.Unlock()
	}
	d.list()
}

func (d *disk) list() {
	if d.read != nil {
		d.read.Lock()
	}
	d.n++
	if d.read != nil {
		d.read.Unlock()
	}
	if d.walk != nil {
		d.walk.Lock()
	}
	d.n++
	if d.walk != nil {
		d.walk.Unlock()
	}
}

type pair struct {
	walk *sync.Mutex
	read *sync.Mutex
}

func newPair() *pair {
	p := &pair{}
	pairs = append(pairs, p)
	p.walk, p.read = &sync.Mutex{}, &sync.Mutex{}
	return p
}

var pairs []*pair

func (p *pair) bad() {
	if p.walk != nil {
		p.walk.Lock()
		defer p.walk.Unlock()
	}
	if p.read != nil {
		p.read.Lock() // want `pair.read is locked while pair.walk is held`
		p.read.Unlock()
	}
}

func (p *pair) worse() {
	if p.read != nil {
		p.read.Lock()
	}
	if p.walk != nil {
		p.walk.Lock()
		p.walk.Unlock()
	}
	if p.read != nil {
		p.read.Unlock()
	}
}
