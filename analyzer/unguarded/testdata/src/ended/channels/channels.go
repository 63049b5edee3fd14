// Package channels has objects that a function makes and shares with goroutines, for which it waits with channels, and touches again.
package channels

import (
	"sync"
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

// A channel is closed.
func Closed(n int) int {
	t := &Tally{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.Add(n)
	}()
	<-done
	t.sum++
	return t.Sum()
}

// The channel is closed before.
func ClosedBefore(n int) int {
	t := &Tally{}
	done := make(chan struct{})
	go func() {
		close(done)
		t.Add(n)
	}()
	<-done
	t.sum++ // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}

// One of two cases tells that the goroutine has ended.
func Selected(n int, stop chan struct{}) int {
	t := &Tally{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.Mul(n)
	}()
	select {
	case <-done:
		t.sum++
	case <-stop:
		t.sum-- // want `write to Tally\.sum without holding Tally\.mu`
	}
	return t.Sum()
}

// Two goroutines send, and two values are received.
func Two(n int) int {
	t := &Tally{}
	done := make(chan bool)
	go func() { t.Add(n); done <- true }()
	go func() { t.Mul(n); done <- true }()
	<-done
	<-done
	t.sum++
	return t.Sum()
}

// One of them may go on.
func OneOfTwo(n int) int {
	t := &Tally{}
	done := make(chan bool, 2)
	go func() { t.Add(n); done <- true }()
	go func() { t.Mul(n); done <- true }()
	<-done
	t.sum++ // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}

// As many are received as are started.
func Many(xs []int) int {
	t := &Tally{}
	done := make(chan bool)
	for _, x := range xs {
		go func() {
			t.Add(x)
			done <- true
		}()
	}
	for range xs {
		<-done
	}
	t.sum++
	return t.Sum()
}

// Some are still on their way.
func SomeOfMany(xs []int) int {
	t := &Tally{}
	done := make(chan bool)
	for _, x := range xs {
		go func() {
			t.Add(x)
			done <- true
		}()
	}
	for range xs {
		<-done
		t.sum++ // want `write to Tally\.sum without holding Tally\.mu`
	}
	return t.Sum()
}

// Results are closed by who waits for all that send them.
func Results(xs []int) int {
	t := &Tally{}
	out := make(chan int)
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			t.Add(x)
			out <- x
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	n := 0
	for x := range out {
		n += x
	}
	t.sum += n
	return t.Sum()
}

// The first result does not tell of the others.
func FirstResult(xs []int) int {
	t := &Tally{}
	out := make(chan int, len(xs))
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- x
			t.Add(x)
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	t.sum += <-out // want `write to Tally\.sum without holding Tally\.mu`
	return t.Sum()
}
