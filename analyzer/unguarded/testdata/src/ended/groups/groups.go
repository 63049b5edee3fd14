// Package groups has objects that a function makes and shares with goroutines, for which it waits with WaitGroups and the like, and touches again.
package groups

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// A Tally is locked by its methods.
type Tally struct {
	mu  sync.Mutex
	sum int
}

func (t *Tally) Add(n int) { t.mu.Lock(); t.sum += n; t.mu.Unlock() }
func (t *Tally) Sub(n int) { t.mu.Lock(); t.sum -= n; t.mu.Unlock() }
func (t *Tally) Mul(n int) { t.mu.Lock(); t.sum *= n; t.mu.Unlock() }
func (t *Tally) Div(n int) { t.mu.Lock(); t.sum /= n; t.mu.Unlock() }
func (t *Tally) Zap()      { t.mu.Lock(); t.sum = 0; t.mu.Unlock() }
func (t *Tally) Neg()      { t.mu.Lock(); t.sum = -t.sum; t.mu.Unlock() }
func (t *Tally) Sum() int  { t.mu.Lock(); defer t.mu.Unlock(); return t.sum }

// A variable, and literals that a WaitGroup counts.
func Variable(xs []int) int {
	var t Tally
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			t.Add(x)
		}()
	}
	wg.Wait()
	t.sum /= len(xs)
	return t.Sum()
}

// One way leads past Wait.
func VariableMaybe(xs []int) int {
	var t Tally
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			t.Add(x)
		}()
	}
	if len(xs) > 1 {
		wg.Wait()
	}
	t.sum /= len(xs) // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}

// A pointer, and a function that is given all it needs.
func Pointer(xs []int) int {
	t := &Tally{}
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go count(t, x, &wg)
	}
	wg.Wait()
	t.sum /= len(xs)
	return t.Sum()
}

func count(t *Tally, n int, wg *sync.WaitGroup) {
	defer wg.Done()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sum += n
}

// Another WaitGroup is waited for.
func PointerOther(xs []int) int {
	t := &Tally{}
	var wg, other sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go count(t, x, &wg)
	}
	other.Wait()
	t.sum /= len(xs) // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}

// One more is started after Wait.
func PointerAgain(xs []int) int {
	t := &Tally{}
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go count(t, x, &wg)
		wg.Wait()
		wg.Add(1)
		go count(t, x, &wg)
	}
	t.sum /= len(xs) // want `write to Tally\.sum without holding Tally\.mu`
	wg.Wait()
	return t.Sum()
}

// Methods that start and wait.
func Method(xs []int) int {
	t := new(Tally)
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Go(func() { t.Add(x) })
	}
	wg.Wait()
	t.sum /= len(xs)
	t.halve()
	return t.Sum()
}

func (t *Tally) halve() { t.sum /= 2 }

// A group that returns an error.
func Group(xs []int) (int, error) {
	t := &Tally{}
	var g errgroup.Group
	for _, x := range xs {
		g.Go(func() error {
			t.Add(x)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	t.sum++
	return t.sum, nil
}

// The group is not waited for where there is nothing to do.
func GroupMaybe(xs []int) (int, error) {
	t := &Tally{}
	var g errgroup.Group
	for _, x := range xs {
		g.Go(func() error {
			t.Add(x)
			return nil
		})
	}
	if len(xs) == 0 {
		t.sum++ // want `write to Tally\.sum without holding Tally\.mu`
	}
	return t.Sum(), g.Wait()
}

// A function waits.
func ByFunction(xs []int) int {
	t := &Tally{}
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Go(func() { t.Sub(x) })
	}
	await(&wg)
	t.sum++
	return t.Sum()
}

func await(wg *sync.WaitGroup) {
	wg.Wait()
}
