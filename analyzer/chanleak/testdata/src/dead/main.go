// Command dead: nothing calls what would end a wait, and nobody else can.
package main

import "fmt"

type lamp struct{ out chan bool }

func (l *lamp) burn() {
	<-l.out // want `receive from lamp.out never returns: what closes it at main.go:13 is in a function that nothing calls`
}

// Blow is called by nobody.
func (l *lamp) Blow() { close(l.out) }

type candle struct{ out chan bool }

func (c *candle) burn() { <-c.out }

// Blow may be called by way of an interface.
func (c *candle) Blow() { close(c.out) }

func main() {
	l := &lamp{out: make(chan bool)}
	go l.burn()
	c := &candle{out: make(chan bool)}
	go c.burn()
	fmt.Println(c)
	late := make(chan bool)
	go func() { late <- true }()
	fmt.Println(run(late))
	twice(late)
}

// run is called by main, and the program ends with it.
func run(late chan bool) int {
	c := make(chan int)
	go func() { c <- 1 }()
	select {
	case n := <-c:
		return n
	case <-late:
		return 0
	}
}

// again is called more than once.
func again(late chan bool) int {
	c := make(chan int)
	go func() { c <- 1 }() // want `send on c can block forever: again can return at main.go:54 without receiving from it`
	select {
	case n := <-c:
		return n
	case <-late:
		return 0
	}
}

func twice(late chan bool) { again(late); again(late) }
