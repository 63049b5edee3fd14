package objects

import (
	"sync"
	"time"
)

// A flag that a goroutine reads to know when to stop.
type poller struct {
	stop bool
	quit chan bool
	n    int
	wg   sync.WaitGroup
}

func (p *poller) Start() {
	go func() {
		for !p.stop {
			time.Sleep(time.Second)
		}
	}()
}

func (p *poller) Stop() {
	p.stop = true // want `p.stop is read by the goroutine started at line 17, which goes on, and assigned here by whoever calls \(\*poller\).Stop meanwhile; the two race`
}

// A counter that a goroutine writes and anybody reads.
func (p *poller) Count() {
	p.wg.Add(1)
	go p.count()
}

func (p *poller) count() {
	defer p.wg.Done()
	for range time.Tick(time.Second) {
		p.n++
	}
}

func (p *poller) N() int {
	return p.n // want `p.n is assigned by the goroutine started at line 31, which goes on, and read here by whoever calls \(\*poller\).N meanwhile; the two race`
}

// Last waits for the goroutine.
func (p *poller) Last() int {
	close(p.quit)
	p.wg.Wait()
	return p.n
}

// What a goroutine writes at its end is read by who has waited for that.
type task struct {
	err  error
	done chan bool
}

func NewTask(f func() error) *task {
	t := &task{done: make(chan bool)}
	go func() {
		for range 3 {
			if t.err = f(); t.err == nil {
				break
			}
		}
		close(t.done)
	}()
	return t
}

func (t *task) Wait() error {
	<-t.done
	return t.err
}

// It tells others in each round.
type feed struct {
	last int
	out  chan bool
}

func NewFeed() *feed {
	f := &feed{out: make(chan bool)}
	go func() {
		for {
			f.last++
			f.out <- true
		}
	}()
	return f
}

func (f *feed) Last() int {
	<-f.out
	return f.last
}

// The goroutine has ended when Run returns.
type run struct{ n int }

func (r *run) Run(in chan int) {
	var wg sync.WaitGroup
	wg.Go(func() {
		for range in {
			r.n++
		}
	})
	wg.Wait()
}

func (r *run) N() int { return r.n }

// A message hands over what was set.
type actor struct {
	size int
	req  chan bool
}

func NewActor() *actor {
	a := &actor{req: make(chan bool)}
	go func() {
		for range a.req {
			if a.size == 0 {
				return
			}
		}
	}()
	return a
}

func (a *actor) SetSize(n int) {
	a.size = n
	a.req <- true
}

// Options are set before the start.
type options struct {
	every time.Duration
}

func (o *options) SetEvery(d time.Duration) { o.every = d }

func (o *options) Start() {
	go func() {
		for {
			time.Sleep(o.every)
		}
	}()
}

// A package variable that a goroutine refreshes.
var table = map[string]int{}

func StartRefresh() { go refresh() }

func refresh() {
	for range time.Tick(time.Second) {
		table["x"]++
	}
}

func Lookup(k string) int {
	return table[k] // want `the map table is written by the goroutine started at line 154, which goes on, and read here by whoever calls Lookup meanwhile; the two race`
}
