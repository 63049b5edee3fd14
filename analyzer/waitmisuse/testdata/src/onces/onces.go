// Package onces is about functions that run once and call themselves by it.
package onces

import "sync"

type config struct {
	once  sync.Once
	other sync.Once
	name  string
	next  *config
}

func (c *config) bad() string {
	c.once.Do(func() {
		c.name = "x"
		c.log() // want `calling \(\*config\).log calls c.once.Do \(onces.go:26\), which runs this function since onces.go:14; the call never returns \(waitmisuse\)`
	})
	return c.name
}

func (c *config) log() {
	println(c.get())
}

func (c *config) get() string {
	c.once.Do(c.load)
	return c.name
}

func (c *config) load() { c.name = "y" }

func (c *config) badDirect() {
	c.once.Do(func() {
		c.once.Do(func() {}) // want `c.once.Do is called in the function that it runs since onces.go:33; this call never returns`
	})
}

// goodOther runs another once.
func (c *config) goodOther() {
	c.other.Do(func() { c.log() })
}

// goodNext is about another object.
func (c *config) goodNext() {
	c.once.Do(func() { println(c.next.get()) })
}

// goodGo does not wait for the other goroutine.
func (c *config) goodGo() {
	c.once.Do(func() { go c.log() })
}

var global sync.Once

func badGlobal() {
	global.Do(setup)
}

func setup() {
	global.Do(reset) // want `global.Do is called in the function that it runs since onces.go:56; this call never returns`
}

func reset() {}

func badValue() int {
	var get func() int
	get = sync.OnceValue(func() int {
		return get() + 1 // want `get is called in the function that it runs since onces.go:67; this call never returns`
	})
	return get()
}

func goodValue() int {
	one := sync.OnceValue(func() int { return 1 })
	two := sync.OnceValue(func() int { return one() + 1 })
	return two()
}

// goodTree has a Once of its own in each call.
func goodTree(depth int) {
	t := &config{}
	t.once.Do(func() {
		if t.name == "" {
			println("empty")
		}
		goodTree(depth - 1)
	})
}
