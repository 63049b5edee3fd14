// Package errgroup stands for the package of that path.
package errgroup

import "sync"

// A Group runs functions.
type Group struct {
	wg   sync.WaitGroup
	once sync.Once
	err  error
}

// Wait waits for all of them.
func (g *Group) Wait() error {
	g.wg.Wait()
	return g.err
}

// Go runs one more.
func (g *Group) Go(f func() error) {
	g.wg.Go(func() {
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err })
		}
	})
}
