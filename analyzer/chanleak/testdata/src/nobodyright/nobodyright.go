// Package nobodyright: somebody may come, from wherever.
package nobodyright

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"time"
)

// A Tube lets others have its channel.
type Tube struct {
	Out  chan int
	in   chan int
	done chan struct{}
	wait sync.WaitGroup
	some any
}

func New() *Tube {
	t := &Tube{Out: make(chan int), in: make(chan int), done: make(chan struct{})}
	t.some = t.done
	go t.run()
	return t
}

func (t *Tube) run() {
	for v := range t.in {
		t.Out <- v // others receive from it
	}
}

// In hands out the other end.
func (t *Tube) In() chan<- int { return t.in }

// Wait waits for what is kept as an interface.
func (t *Tube) Wait() { <-t.done }

// All gives the address of the WaitGroup away.
func (t *Tube) All(f func(*sync.WaitGroup)) {
	t.wait.Add(1)
	f(&t.wait)
	t.wait.Wait()
}

// Done is counted by a method value.
func (t *Tube) Each(run func(func())) {
	t.wait.Add(1)
	run(t.wait.Done)
	t.wait.Wait()
}

// Interrupted gets its values from a package that is not read.
func Interrupted() {
	c := make(chan os.Signal)
	signal.Notify(c, os.Interrupt)
	<-c
}

// Block is meant to.
func Block() {
	never := make(chan struct{})
	<-never
}

// Sooner ends, by the other case.
func Sooner() {
	never := make(chan int)
	go func() {
		select {
		case <-never:
		case <-time.After(time.Second):
		}
	}()
	go peek(never)
}

// peek does not wait.
func peek(c chan int) {
	select {
	case <-c:
	default:
	}
}

// List keeps channels in a slice.
func List(n int) {
	var cs []chan int
	for range n {
		c := make(chan int)
		cs = append(cs, c)
		go func() { <-c }()
	}
	for _, c := range cs {
		close(c)
	}
}

// Callback is given a function that sends.
func Callback(each func(func(int))) {
	c := make(chan int)
	go each(func(v int) { c <- v })
	<-c
}

// Derived ends with its parent.
func Derived(parent context.Context) {
	ctx, cancel := context.WithCancel(parent)
	_ = cancel
	go func() { <-ctx.Done() }()
}

// Canceled is canceled by a function in a field.
type canceled struct{ stop func() }

func Cancel() *canceled {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }()
	return &canceled{stop: cancel}
}

func (c *canceled) Close() { c.stop() }

// A table of handlers gets the channel as a parameter.
var table = map[string]func(chan int){"a": func(c chan int) { c <- 1 }}

func ByTable(name string) {
	c := make(chan int)
	go table[name](c)
	<-c
}

// Generic functions send, too.
func put[T any](c chan<- T, v T) { c <- v }

func Generic() {
	c := make(chan string)
	go put(c, "x")
	<-c
}

// Two channels meet in one variable.
func Either(first bool) {
	a, b := make(chan int), make(chan int)
	go func() { a <- 1 }()
	go func() { b <- 1 }()
	c := a
	if !first {
		c = b
	}
	<-c
}

// A Cond in a field of a struct that others can reach.
type Queue struct {
	Ready *sync.Cond
	n     int
}

func (q *Queue) Get() {
	q.Ready.L.Lock()
	for q.n == 0 {
		q.Ready.Wait()
	}
	q.Ready.L.Unlock()
}
