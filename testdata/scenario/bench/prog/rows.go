//go:build unix

//lint:file-ignore SA2001 what the locks guard does not matter here

package main

import (
	"fmt"
	"sync"
)

// A row is a kind of locking.
type row struct {
	Name string
	What string
	Warm int         // operations after which everything was seen once
	make func() loop // makes the locks
}

// A loop does an operation n times.
type loop func(n int)

var rows = append([]row{
	{Name: "L1", What: "1 lock, uncontended", make: nest1},
	{Name: "L2", What: "2 nested locks", make: nest2},
	{Name: "L3", What: "3 nested locks", make: nest3},
	{Name: "RW", What: "RLock, RUnlock", make: read},
	{Name: "C16", What: "16 goroutines, one lock", make: contended},
	{Name: "P16", What: "16 goroutines, a lock each", make: parallel},
	{Name: "H1000", What: "1 lock, 1,000 goroutines hold another", make: func() loop { return heldElsewhere(1000) }},
}, many()...)

func many() (rows []row) {
	for _, k := range []int{10, 100, 1000, 10_000, 100_000} {
		rows = append(rows, row{fmt.Sprint("N", k), fmt.Sprintf("2 nested, the inner one of %d of another field", k), k,
			func() loop { return children(k) }})
	}
	for _, k := range []int{10, 100, 1000, 10_000, 100_000} {
		rows = append(rows, row{fmt.Sprint("S", k), fmt.Sprintf("2 nested, the inner one of %d of the same field", k), k,
			func() loop { return siblings(k) }})
	}
	return rows
}

type three struct {
	a, b, c sync.Mutex
	n       int
}

func nest1() loop {
	t := new(three)
	return func(n int) {
		for range n {
			t.a.Lock()
			t.n++
			t.a.Unlock()
		}
	}
}

func nest2() loop {
	t := new(three)
	return func(n int) {
		for range n {
			t.a.Lock()
			t.b.Lock()
			t.n++
			t.b.Unlock()
			t.a.Unlock()
		}
	}
}

func nest3() loop {
	t := new(three)
	return func(n int) {
		for range n {
			t.a.Lock()
			t.b.Lock()
			t.c.Lock()
			t.n++
			t.c.Unlock()
			t.b.Unlock()
			t.a.Unlock()
		}
	}
}

func read() loop {
	var mu sync.RWMutex
	return func(n int) {
		for range n {
			mu.RLock()
			mu.RUnlock()
		}
	}
}

// A cell is a lock with a cache line or two of its own.
type cell struct {
	mu sync.Mutex
	n  int
	_  [128]byte
}

// spread divides n operations among 16 goroutines.
func spread(n int, work func(g, n int)) {
	done := make(chan struct{})
	for g := range 16 {
		go func() { work(g, (n+15)/16); done <- struct{}{} }()
	}
	for range 16 {
		<-done
	}
}

func contended() loop {
	c := new(cell)
	return func(n int) {
		spread(n, func(_, n int) {
			for range n {
				c.mu.Lock()
				c.n++
				c.mu.Unlock()
			}
		})
	}
}

func parallel() loop {
	cells := make([]cell, 16)
	return func(n int) {
		spread(n, func(g, n int) {
			c := &cells[g]
			for range n {
				c.mu.Lock()
				c.n++
				c.mu.Unlock()
			}
		})
	}
}

func heldElsewhere(k int) loop {
	held := make(chan struct{})
	for range k {
		go func() {
			c := new(cell)
			c.mu.Lock()
			held <- struct{}{}
			select {}
		}()
	}
	for range k {
		<-held
	}
	return nest1()
}

type parent struct {
	mu   sync.Mutex
	kids []*child
	next int
}

type child struct {
	mu sync.Mutex
	n  int
}

// newChildren allocates them one by one, as programs do.
func newChildren(k int) []*child {
	all := make([]*child, k)
	for i := range all {
		all[i] = new(child)
	}
	return all
}

func children(k int) loop {
	p := &parent{kids: newChildren(k)}
	return func(n int) {
		for range n {
			p.mu.Lock()
			c := p.kids[p.next]
			if p.next++; p.next == k {
				p.next = 0
			}
			c.mu.Lock()
			c.n++
			c.mu.Unlock()
			p.mu.Unlock()
		}
	}
}

func siblings(k int) loop {
	all := newChildren(k + 1)
	first, rest := all[0], all[1:]
	next := 0
	return func(n int) {
		for range n {
			first.mu.Lock()
			c := rest[next]
			if next++; next == k {
				next = 0
			}
			c.mu.Lock()
			c.n++
			c.mu.Unlock()
			first.mu.Unlock()
		}
	}
}
