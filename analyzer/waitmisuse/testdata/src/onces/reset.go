package onces

import "sync"

var again = &sync.Once{}

func badPointer() {
	again.Do(func() {
		println("now and then")
		again = &sync.Once{} // want `again is replaced by the function that its Do runs since reset.go:8, while others read it for their own \(waitmisuse\)`
	})
}

type cache struct {
	once sync.Once
	val  int
	err  error
}

func (c *cache) badValue() (int, error) {
	c.once.Do(func() {
		if c.val, c.err = fetch(); c.err != nil {
			c.once = sync.Once{} // want `c.once is overwritten by the function that its Do runs since reset.go:21; Do then unlocks what is not locked, which crashes`
		}
	})
	return c.val, c.err
}

func (c *cache) badMethod() { c.once.Do(c.retry) }

func (c *cache) retry() {
	c.once = sync.Once{} // want `c.once is overwritten by the function that its Do runs`
}

func fetch() (int, error) { return 0, nil }

// goodBehind replaces it when Do has returned; who else may call it is not for this check.
func (c *cache) goodBehind() {
	c.once.Do(func() { c.val, c.err = fetch() })
	if c.err != nil {
		c.once = sync.Once{}
	}
}

// goodOther makes another one new.
func (c *cache) goodOther(d *cache) {
	c.once.Do(func() { d.once = sync.Once{} })
}
