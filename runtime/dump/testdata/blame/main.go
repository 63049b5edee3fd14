// Command blame hangs in the way that its argument names, or lets goroutines wait for one that is only
// slow, and prints the stacks of all goroutines, or is ended by the Go runtime. Many of its functions use their receivers
// for the last time before they block, so that an optimized program does not keep them. The dumps in testdata whose names
// begin with blame_ are what it printed:
//
//	go build -o plain blame/main.go; go build -race -o race blame/main.go
//	./plain depart > blame_depart.txt; ./race depart > blame_depart_race.txt; ...
//
// with the folders' names replaced.
package main

import (
	"fmt"
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

// A Harbour is locked by methods that then wait for the ships.
type Harbour struct {
	name  string
	mu    sync.Mutex
	ships sync.WaitGroup
	calls chan int
	n     int
}

func (h *Harbour) Depart() {
	h.mu.Lock()
	h.ships.Wait()
	println("all gone")
}

func (h *Harbour) ship() {
	defer h.ships.Done()
	time.Sleep(20 * time.Millisecond)
	h.note()
}

func (h *Harbour) note() {
	h.mu.Lock()
	h.n++
	h.mu.Unlock()
}

func (h *Harbour) Call(n int) {
	h.mu.Lock()
	h.calls <- n
	println("called")
}

func (h *Harbour) answer() {
	time.Sleep(20 * time.Millisecond)
	h.note()
	<-h.calls
}

// Dredge keeps the lock for a while, but goes on.
func (h *Harbour) Dredge() {
	h.mu.Lock()
	time.Sleep(time.Hour)
	println("dredged")
}

func (h *Harbour) visit() {
	time.Sleep(20 * time.Millisecond)
	h.note()
}

// Enter locks, and so does note, which it calls.
func (h *Harbour) Enter() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.n == 0 {
		h.note()
	}
}

// A Gate is a lock of its own kind; a Chart has one.
type Gate struct {
	sync.RWMutex
	passes int
}

func (g *Gate) Lock() {
	g.RWMutex.Lock()
	g.passes++
}

func (g *Gate) RLock() { g.rlock() }

//go:noinline
func (g *Gate) rlock() { g.RWMutex.RLock() }

type Chart struct {
	Gate
	lines map[string]int
}

func (c *Chart) draw(k string) {
	c.Lock()
	defer c.Unlock()
	c.lines[k]++
}

func (c *Chart) redraw(k string) { c.draw(k) }

// A Log and an Index are locked in opposite orders, the Index for reading.
type Log struct {
	mu sync.Mutex
	n  int
}

type Index struct {
	mu sync.RWMutex
	m  map[int]int
}

func (l *Log) Append(x *Index) {
	l.mu.Lock()
	defer l.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	l.extend(x)
}

func (l *Log) extend(x *Index) {
	x.Set(l.n)
	l.n++
}

func (x *Index) Set(n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.m[n] = n
}

func (x *Index) Check(l *Log) int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	time.Sleep(20 * time.Millisecond)
	return l.Len() + len(x.m)
}

func (l *Log) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n
}

func (x *Index) Get(n int) int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.m[n]
}

func (x *Index) find(n int) int { return x.Get(n) + len(x.m) }

// Scan reads for a while, but goes on.
func (x *Index) Scan() {
	x.mu.RLock()
	time.Sleep(time.Hour)
	println("scanned")
}

// A Board is used by several goroutines at once, without a lock.
type Board struct {
	mu   sync.Mutex
	seen map[int]int
}

func (b *Board) post(n int) { b.seen[n%7]++ }

func (b *Board) Run(n int) {
	for i := range 1 << 30 {
		b.post(n + i)
	}
}

func (b *Board) Clear() {
	b.mu.Unlock()
	clear(b.seen)
}

func (b *Board) Wait() { time.Sleep(time.Hour); println(b) }

func soon() { time.Sleep(5 * time.Millisecond) }

func main() {
	h, other := &Harbour{calls: make(chan int)}, &Harbour{calls: make(chan int)}
	log, index := new(Log), &Index{m: map[int]int{}}
	board := &Board{seen: map[int]int{}}
	switch os.Args[1] {
	case "depart":
		h.ships.Add(1)
		go h.ship()
		go h.Depart()
	case "call":
		go h.answer()
		go h.Call(1)
	case "elsewhere": // of two, the one that calls is not the one that is waited for
		go h.Dredge()
		soon()
		go h.visit()
		go other.Call(1)
	case "slow":
		go h.Dredge()
		soon()
		for range 3 {
			go h.visit()
		}
	case "twice":
		go h.Enter()
		soon()
		go h.Enter()
	case "gate":
		c := &Chart{lines: map[string]int{}}
		c.RLock()
		go c.redraw("a")
	case "orders":
		go log.Append(index)
		go index.Check(log)
	case "slowreader":
		go index.Scan()
		soon()
		go index.Set(1)
		soon()
		for i := range 3 {
			go index.find(i)
		}
	case "map":
		go board.Wait()
		go board.Run(0)
		board.Run(1)
	case "unlock":
		go board.Wait()
		soon()
		board.Clear()
	case "leak": // built with GOEXPERIMENT=goroutineleakprofile
		go h.Enter()
		go other.Call(1)
		h, other = nil, nil
		time.Sleep(200 * time.Millisecond)
		pprof.Lookup("goroutineleak").WriteTo(os.Stdout, 2)
		return
	case "race":
		go board.post(1)
		go board.post(2)
		soon()
		fmt.Println(len(board.seen))
	}
	time.Sleep(200 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}
