// Command hang runs into the deadlock that its argument names and prints, as any program
// in Go can, the stacks of all goroutines. The dumps in testdata are what it printed:
//
//	go build -o plain hang/main.go; go build -race -o race hang/main.go
//	./plain abba > abba.txt; ./race abba > abba_race.txt; ...
//
// with the folders' names replaced.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Ledger struct {
	name string
	mu   sync.Mutex
	n    int
}
type Account struct {
	id  int
	mu  sync.Mutex
	bal int
}

func (a *Account) Transfer(l *Ledger) {
	a.mu.Lock()
	defer a.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	l.Record(a.bal)
}
func (l *Ledger) Record(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n += n
}
func (l *Ledger) Audit(a *Account) {
	l.mu.Lock()
	defer l.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	l.n += a.Balance()
}
func (a *Account) Balance() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.bal
}

type Cache struct {
	x  int
	mu sync.RWMutex
	m  map[string]int
}

func (c *Cache) List() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	time.Sleep(20 * time.Millisecond)
	return c.Len()
}
func (c *Cache) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.m)
}
func (c *Cache) Put(k string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[k] = c.Len()
}

type Pool struct {
	mu   sync.Mutex
	ch   chan int
	wg   sync.WaitGroup
	cond *sync.Cond
}

func (p *Pool) Run() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range 3 {
		p.wg.Add(1)
		go p.work(i)
	}
	p.wg.Wait()
}
func (p *Pool) work(i int) {
	defer p.wg.Done()
	p.mu.Lock()
	defer p.mu.Unlock()
}
func (p *Pool) Send() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ch <- 1
}
func (p *Pool) recv() {
	time.Sleep(20 * time.Millisecond)
	p.mu.Lock()
	<-p.ch
	p.mu.Unlock()
}
func (p *Pool) condwait() {
	p.cond.L.Lock()
	p.cond.Wait()
}

func dump() {
	time.Sleep(100 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

func main() {
	switch os.Args[1] {
	case "abba":
		a, l := &Account{}, &Ledger{}
		go a.Transfer(l)
		go l.Audit(a)
	case "self":
		c := &Cache{m: map[string]int{}}
		go c.Put("a")
	case "recursive":
		c := &Cache{m: map[string]int{}}
		go c.List()
		time.Sleep(5 * time.Millisecond)
		go c.Put("a")
	case "waitgroup":
		p := &Pool{}
		go p.Run()
	case "chansend":
		p := &Pool{ch: make(chan int)}
		go p.Send()
		go p.recv()
	case "cond":
		p := &Pool{}
		p.cond = sync.NewCond(&p.mu)
		go p.condwait()
	case "once":
		var o sync.Once
		p := &Pool{}
		go o.Do(func() { o.Do(p.Run) })
	case "crash":
		a, l := &Account{}, &Ledger{}
		go a.Transfer(l)
		l.Audit(a)
		return
	}
	dump()
}
