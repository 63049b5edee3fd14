// Package reported is about a goroutine whose Done is left to another.
package reported

import (
	"os"
	"sync"
)

func use([]byte) {}

type conn struct {
	wg   sync.WaitGroup
	errs chan error
}

// goodReported has whoever gets the error call Done.
func (c *conn) goodReported(f string) {
	c.wg.Add(1)
	go func() {
		data, err := os.ReadFile(f)
		if err != nil {
			c.errs <- err
			return
		}
		use(data)
		c.wg.Done()
	}()
}

func (c *conn) next() error {
	err := <-c.errs
	c.wg.Done()
	return err
}

// bad has nobody who calls Done for it.
func bad(f string) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		data, err := os.ReadFile(f)
		if err != nil {
			return // want `this return ends the goroutine without wg.Done, which another path calls at reported.go:46`
		}
		use(data)
		wg.Done()
	}()
	wg.Wait()
}
