// Package leftright: goroutines that nobody leaves behind.
package leftright

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

func ask(q string) (string, error) { return q, nil }

// Room has room for the one answer.
func Room(q string) (string, error) {
	answer := make(chan string, 1)
	go func() {
		a, _ := ask(q)
		answer <- a
	}()
	select {
	case a := <-answer:
		return a, nil
	case <-time.After(time.Second):
		return "", errors.New("late")
	}
}

// Drained receives what is left.
func Drained(q string, check func() error) error {
	done := make(chan error)
	go func() {
		_, err := ask(q)
		done <- err
	}()
	defer func() { <-done }()
	return check()
}

// Both sides look at the context.
func Both(ctx context.Context, q string) string {
	answer := make(chan string)
	go func() {
		a, _ := ask(q)
		select {
		case answer <- a:
		case <-ctx.Done():
		}
	}()
	select {
	case a := <-answer:
		return a
	case <-ctx.Done():
		return ""
	}
}

// Perhaps starts it only if it waits for it.
func Perhaps(q string, wait bool) {
	done := make(chan bool)
	if wait {
		go func() {
			ask(q)
			done <- true
		}()
	}
	println(q)
	if wait {
		<-done
	}
}

// All receives as much as is sent.
func All(qs []string) (err error) {
	errs := make(chan error)
	for _, q := range qs {
		go func() {
			_, err := ask(q)
			errs <- err
		}()
	}
	for range qs {
		if e := <-errs; e != nil {
			err = e
		}
	}
	return err
}

// Counted counts by itself.
func Counted(qs []string) {
	answers := make(chan string)
	n := 0
	for _, q := range qs {
		n++
		go func() { answers <- q }()
	}
	for {
		println(<-answers)
		if n--; n == 0 {
			return
		}
	}
}

// Done ends when all have sent.
func Done(qs []string) {
	answers, done := make(chan string), make(chan struct{})
	var wg sync.WaitGroup
	for _, q := range qs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			answers <- q
		}()
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	for {
		select {
		case a := <-answers:
			println(a)
		case <-done:
			return
		}
	}
}

// Closed ends when the channel is closed.
func Closed(qs []string) {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, q := range qs {
			out <- q
		}
	}()
	for q := range out {
		println(q)
	}
}

// Sentinel ends with the last value, after which the sender ends.
func Sentinel(qs []string) {
	out := make(chan string)
	go func() {
		for _, q := range qs {
			out <- q
		}
		out <- "."
	}()
	for {
		if q := <-out; q == "." {
			return
		}
	}
}

// Fails ends with an error, after which the sender ends.
func Fails(qs []string) error {
	errs := make(chan error)
	go func() {
		defer close(errs)
		for _, q := range qs {
			if _, err := ask(q); err != nil {
				errs <- err
				return
			}
		}
	}()
	return <-errs
}

// Workers are told on every way.
func Workers(qs []string, check func(string) error) error {
	work := make(chan string)
	defer close(work)
	for range 4 {
		go func() {
			for q := range work {
				ask(q)
			}
		}()
	}
	for _, q := range qs {
		if err := check(q); err != nil {
			return err
		}
		work <- q
	}
	return nil
}

// Before it starts anybody, it may leave.
func Before(q string, check func() error) error {
	done := make(chan error)
	if err := check(); err != nil {
		return err
	}
	go func() { done <- nil }()
	return <-done
}

// Gate is opened on every way.
func Gate(q string) string {
	ready := make(chan string)
	go func() {
		defer close(ready)
		a, err := ask(q)
		if err != nil {
			return
		}
		ready <- a
	}()
	return <-ready
}

// Told tells the goroutine to end when it has what it wants.
func Told(q string) string {
	answers, quit := make(chan string), make(chan struct{})
	go func() {
		for {
			select {
			case answers <- q:
			case <-quit:
				return
			}
		}
	}()
	defer close(quit)
	return <-answers
}

// Context is canceled when it has what it wants.
func Context(q string) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	answers := make(chan string)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			default:
			}
			answers <- q
			<-ctx.Done()
		}
	}()
	return <-answers
}

// Flag is looked at by both.
func Flag(q string) {
	var gone atomic.Bool
	done := make(chan bool)
	go func() {
		ask(q)
		if !gone.Load() {
			done <- true
		}
	}()
	select {
	case <-done:
	default:
		gone.Store(true)
	}
}

// Fed is told by itself that there is no more.
func Fed(qs []string) string {
	in, out := make(chan string), make(chan string)
	go func() {
		last := ""
		for q := range in {
			last = q
		}
		out <- last
	}()
	for _, q := range qs {
		in <- q
	}
	close(in)
	return <-out
}

// Panics does not come back.
func Panics(q string) {
	done := make(chan bool)
	go func() { done <- true }()
	if q == "" {
		panic("no question")
	}
	<-done
}

// Handed gives the channel to others.
func Handed(q string, register func(chan string)) {
	c := make(chan string)
	register(c)
	go func() { c <- q }()
}

// Other receives in another goroutine.
func Other(qs []string) {
	c := make(chan string)
	go func() {
		for q := range c {
			println(q)
		}
	}()
	go func() {
		for _, q := range qs {
			c <- q
		}
		close(c)
	}()
}

// Returned is received from by the caller.
func Returned(q string) <-chan string {
	c := make(chan string)
	go func() { c <- q }()
	return c
}

// Select has a default: who comes late is drained elsewhere.
func Deferred(q string) {
	c := make(chan string)
	defer drain(c)
	go func() { c <- q }()
	select {
	case <-c:
	case <-time.After(time.Second):
	}
}

func drain(c chan string) {
	go func() {
		for range c {
		}
	}()
}

// Twice receives from each of two.
func Twice(q string) {
	c := make(chan string)
	for range 2 {
		go func() { c <- q }()
	}
	println(<-c)
	println(<-c)
}

// Rounds makes a channel for each round, and receives in a loop all that its goroutines send.
func Rounds(qs []string, n int) {
	for range 3 {
		c := make(chan string)
		for _, q := range qs {
			go func() { c <- q }()
		}
		for range qs {
			println(<-c)
		}
	}
	done := make(chan bool)
	go func() { done <- true }()
	for range n {
		<-done
	}
}

// Stopped is told by what others call later.
func Stopped(qs []string, cleanup func(func())) {
	in, done := make(chan string), make(chan struct{})
	cleanup(func() { close(done) })
	go func() {
		for {
			select {
			case q := <-in:
				ask(q)
			case <-done:
				return
			}
		}
	}()
	for _, q := range qs {
		in <- q
	}
}

// Fan closes when all have sent, and receives all.
func Fan(xs []int) (sum int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			out <- x
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for v := range out {
		sum += v
	}
	return sum
}

// Limit has as many at work as there is room for, and waits for them.
func Limit(fs []func()) {
	room := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for _, f := range fs {
		room <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-room }()
			f()
		}()
	}
	wg.Wait()
}

// Late waits for goroutines that send behind Done, and then receives.
func Late(xs []int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, x := range xs {
		wg.Add(1)
		go func() {
			wg.Done()
			out <- x
		}()
	}
	wg.Wait()
	for range xs {
		<-out
	}
}

// Ping and pong end each other.
func Ping(n int) {
	a, b := make(chan int), make(chan int)
	go func() {
		for v := range a {
			b <- v + 1
		}
		close(b)
	}()
	for i := range n {
		a <- i
		println(<-b)
	}
	close(a)
	<-b
}
