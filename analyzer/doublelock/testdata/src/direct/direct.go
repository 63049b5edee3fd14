// Purpose: the same mutex locked twice in one body. Also that the path is
// dead after the first report: one bug, one diagnostic.

package direct

import "sync"

type Counter struct {
	mu sync.Mutex
	n  int
}

func (c *Counter) AddBad() {
	c.mu.Lock()
	c.n++
	c.mu.Lock() // want `c\.mu is locked again while this goroutine still holds it from line 14; this call never returns \(doublelock\)`
	c.n++
	c.mu.Unlock()
	c.mu.Unlock()
}

func (c *Counter) AddOk() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
}

// The second Lock never returns, so nothing is said about the third.
func (c *Counter) TripleBad() {
	c.mu.Lock()
	c.mu.Lock() // want `c\.mu is locked again while this goroutine still holds it from line 33; this call never returns \(doublelock\)`
	c.mu.Lock()
	c.n++
}

// Two counters of one type: class equality is no evidence.
func MergeOk(dst, src *Counter) {
	dst.mu.Lock()
	src.mu.Lock()
	dst.n += src.n
	src.mu.Unlock()
	dst.mu.Unlock()
}

func LocalBad() int {
	var mu sync.Mutex
	n := 0
	mu.Lock()
	n++
	mu.Lock() // want `mu is locked again while this goroutine still holds it from line 51; this call never returns \(doublelock\)`
	return n
}

func LocalOk() int {
	var first, second sync.Mutex
	n := 0
	first.Lock()
	second.Lock()
	n++
	second.Unlock()
	first.Unlock()
	return n
}

// Two locks of one value are two locks.
type Pair struct {
	in, out sync.Mutex
	n       int
}

func (p *Pair) MoveBad() {
	p.in.Lock()
	p.out.Lock()
	p.in.Lock() // want `p\.in is locked again while this goroutine still holds it from line 75; this call never returns \(doublelock\)`
	p.n++
	p.out.Unlock()
	p.in.Unlock()
}

func (p *Pair) MoveOk() {
	p.in.Lock()
	p.out.Lock()
	p.n++
	p.out.Unlock()
	p.in.Unlock()
}
