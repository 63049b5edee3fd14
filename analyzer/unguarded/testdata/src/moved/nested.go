package moved

import "sync"

type batch struct {
	nb [][]byte
	pb int
}

type nested struct {
	mu  sync.Mutex
	out batch
}

func (c *nested) collapse() ([][]byte, int) { return c.out.nb, c.out.pb }

func (c *nested) Queue(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.out.nb); n > 0 {
		c.out.nb[n-1] = b
	}
	c.out.nb = append(c.out.nb, b)
	c.out.pb += len(b)
}

func (c *nested) Reset() {
	c.mu.Lock()
	c.out.pb = 0
	for i := range c.out.nb {
		c.out.nb[i] = nil
	}
	c.mu.Unlock()
}

func (c *nested) flush() (n int) {
	bufs, _ := c.collapse()
	c.out.nb = nil
	c.mu.Unlock()
	for _, b := range bufs {
		n += len(b)
	}
	c.mu.Lock()
	return n
}

func (c *nested) Flush() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.flush()
}
