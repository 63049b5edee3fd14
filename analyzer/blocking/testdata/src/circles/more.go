package circles

import "sync"

// A box has the two ends of one channel in two fields.
type box struct {
	sync.Mutex
	in  chan<- int
	out <-chan int
	n   int
}

func NewBox() *box {
	c := make(chan int)
	b := &box{in: c, out: c}
	go b.serve()
	return b
}

func (b *box) serve() {
	for {
		v := <-b.out
		b.Lock()
		b.n += v
		b.Unlock()
	}
}

func (b *box) Put(v int) {
	b.Lock()
	defer b.Unlock()
	b.put(v)
}

func (b *box) put(v int) {
	b.in <- v // want `send on box.in while box.Mutex is held can block forever: its only receiver, \(\*box\).serve, locks box.Mutex at more.go:23 first`
}

// A gang is started by a method value, and takes the lock in a loop of that.
type gang struct {
	mu   sync.Mutex
	all  sync.WaitGroup
	jobs chan func()
	busy int
}

func NewGang(n int) *gang {
	g := &gang{jobs: make(chan func())}
	for range n {
		g.all.Go(g.work)
	}
	return g
}

func (g *gang) work() {
	for j := range g.jobs {
		g.add(1)
		j()
		g.add(-1)
	}
}

func (g *gang) add(n int) {
	g.mu.Lock()
	g.busy += n
	g.mu.Unlock()
}

func (g *gang) Close() {
	g.mu.Lock()
	close(g.jobs)
	g.all.Wait() // want `gang.all.Wait while gang.mu is held can block forever: \(\*gang\).work locks gang.mu at more.go:64 before it ends`
	g.mu.Unlock()
}

// CloseLater gives the lock back first; so does the order of the deferred calls.
func (g *gang) CloseLater() {
	defer g.all.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.jobs)
}

// Other waits for another one's.
func (g *gang) Other(o *gang) {
	g.mu.Lock()
	defer g.mu.Unlock()
	o.all.Wait()
}
