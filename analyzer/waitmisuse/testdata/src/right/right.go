// Package right has WaitGroups that reach who calls Done by many ways, and are used right.
package right

import (
	"os"
	"sync"
	"time"
)

func work() error { return nil }
func use([]byte)  {}

type keeper struct{ wg *sync.WaitGroup }

func newKeeper(wg *sync.WaitGroup) *keeper { return &keeper{wg: wg} }

func (k *keeper) finish() { k.wg.Done() }

// Who keeps the pointer calls Done.
func kept() {
	var wg sync.WaitGroup
	wg.Add(1)
	k := newKeeper(&wg)
	go func() {
		defer k.finish()
		work()
	}()
	wg.Wait()
}

type job struct {
	wg *sync.WaitGroup
	f  func() error
}

func (j job) run() {
	defer j.wg.Done()
	j.f()
}

// The WaitGroup is in a struct that is sent.
func structs(n int) {
	var wg sync.WaitGroup
	jobs := make(chan job, n)
	go func() {
		for j := range jobs {
			j.run()
		}
	}()
	for range n {
		wg.Add(1)
		jobs <- job{&wg, work}
	}
	wg.Wait()
	close(jobs)
}

type doner interface{ Done() }

func interfaces() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func(d doner) {
		defer d.Done()
		work()
	}(&wg)
	wg.Wait()
}

func channels() {
	ch := make(chan *sync.WaitGroup, 1)
	go func() {
		for wg := range ch {
			work()
			wg.Done()
		}
	}()
	var wg sync.WaitGroup
	wg.Add(1)
	ch <- &wg
	wg.Wait()
	close(ch)
}

// A deferred helper calls Done.
func helper() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer cleanup(&wg)
		if work() != nil {
			return
		}
		work()
	}()
	wg.Wait()
}

func cleanup(wg *sync.WaitGroup) {
	if r := recover(); r != nil {
		println("recovered")
	}
	wg.Done()
}

// Add is behind a conditional continue.
func conditional(fs []string) {
	var wg sync.WaitGroup
	for _, f := range fs {
		if f == "" {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			b, err := os.ReadFile(f)
			if err != nil {
				return
			}
			use(b)
		}()
	}
	wg.Wait()
}

// What is not started is counted down.
func continues(fs []string) {
	var wg sync.WaitGroup
	wg.Add(len(fs))
	for _, f := range fs {
		if f == "" {
			wg.Done()
			continue
		}
		go func() {
			defer wg.Done()
			use([]byte(f))
		}()
	}
	wg.Wait()
}

// One WaitGroup serves several rounds.
func rounds(n int) {
	var wg sync.WaitGroup
	for range n {
		for range 3 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				work()
			}()
		}
		wg.Wait()
	}
	wg.Add(1)
	go func() {
		work()
		wg.Done()
	}()
	wg.Wait()
}

// Done tells that the goroutine is ready.
func barrier() {
	var ready, done sync.WaitGroup
	start := make(chan bool)
	for range 4 {
		ready.Add(1)
		done.Add(1)
		go func() {
			ready.Done()
			<-start
			work()
			done.Done()
		}()
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// Each goroutine calls Done for two.
func pairs() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		if work() == nil {
			wg.Done()
		} else {
			wg.Done()
		}
		wg.Done()
	}()
	wg.Wait()
}

func timers() {
	var wg sync.WaitGroup
	wg.Add(2)
	time.AfterFunc(time.Millisecond, wg.Done)
	t := time.AfterFunc(time.Hour, func() { wg.Done() })
	if t.Stop() {
		wg.Done()
	}
	wg.Wait()
}

// A group is a WaitGroup of its own kind.
type group struct {
	wg  sync.WaitGroup
	err error
}

func (g *group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil {
			g.err = err
			return
		}
	}()
}

func (g *group) Wait() error {
	g.wg.Wait()
	return g.err
}

type pool struct {
	sync.WaitGroup
	c chan func()
}

func (p *pool) start(n int) {
	p.Add(n)
	for i := 0; i < n; i++ {
		go func() {
			defer p.Done()
			for f := range p.c {
				f()
			}
		}()
	}
}

func (p *pool) stop() {
	close(p.c)
	p.Wait()
}

// A call is waited for by all who want the same.
type call struct {
	wg  sync.WaitGroup
	val int
}

func shared(m map[string]*call, mu *sync.Mutex, k string, f func() int) int {
	mu.Lock()
	if c, ok := m[k]; ok {
		mu.Unlock()
		c.wg.Wait()
		return c.val
	}
	c := new(call)
	c.wg.Add(1)
	m[k] = c
	mu.Unlock()
	c.val = f()
	c.wg.Done()
	return c.val
}

func negative() {
	var wg sync.WaitGroup
	wg.Add(3)
	go func() {
		work()
		wg.Add(-3)
	}()
	wg.Wait()
}

// Each goroutine hands its Done on to the next.
func handedOn(n int) {
	var wg sync.WaitGroup
	wg.Add(1)
	var step func(int)
	step = func(i int) {
		if i == 0 {
			wg.Done()
			return
		}
		go step(i - 1)
	}
	go step(n)
	wg.Wait()
}

func elements(n int) {
	wgs := make([]sync.WaitGroup, n)
	for i := range wgs {
		wgs[i].Add(1)
		go func() {
			if i > 0 {
				wgs[i-1].Wait()
			}
			if work() != nil {
				wgs[i].Done()
				return
			}
			wgs[i].Done()
		}()
	}
	wgs[n-1].Wait()
}

type result struct {
	err  error
	done func()
}

// Who gets the result calls Done.
func results(out chan result) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if err := work(); err != nil {
			out <- result{err, wg.Done}
			return
		}
		wg.Done()
	}()
	wg.Wait()
}
