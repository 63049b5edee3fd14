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
}
