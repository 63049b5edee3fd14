package order

import "sync/atomic"

// A Pipe is made by its user, and set up by Init.
type Pipe struct {
	kind  string
	stuck int32
}

func (p *Pipe) Init(kind string, stuck bool) {
	p.kind = kind
	if stuck {
		p.stuck = 1
	}
}

func (p *Pipe) Block()       { atomic.StoreInt32(&p.stuck, 1) }
func (p *Pipe) Kind() string { return p.kind }

func (p *Pipe) Unblock() {
	p.stuck = 0 // want `plain write to Pipe\.stuck`
}
