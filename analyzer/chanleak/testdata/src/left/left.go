// Package left: goroutines whose starter leaves without doing its half.
package left

import (
	"context"
	"errors"
	"time"
)

func ask(q string) (string, error) { return q, nil }

// Timeout leaves the sender behind.
func Timeout(q string) (string, error) {
	answer := make(chan string)
	go func() {
		a, _ := ask(q)
		answer <- a // want `send on answer can block forever: Timeout can return at left.go:23 without receiving from it`
	}()
	select {
	case a := <-answer:
		return a, nil
	case <-time.After(time.Second):
		return "", errors.New("late")
	}
}

// Early returns for another reason.
func Early(q string, check func() error) error {
	done := make(chan error)
	go answerOn(q, done)
	if err := check(); err != nil {
		return err
	}
	return <-done
}

func answerOn(q string, done chan<- error) {
	_, err := ask(q)
	done <- err // want `send on done can block forever: Early can return at left.go:32 without receiving from it`
}

// First takes one of many answers.
func First(qs []string) string {
	answers := make(chan string)
	for _, q := range qs {
		go func() {
			a, _ := ask(q)
			answers <- a // want `send on answers can block forever: First can return at left.go:51 without receiving all`
		}()
	}
	return <-answers
}

// All stops at the first error.
func All(qs []string) error {
	errs := make(chan error)
	for _, q := range qs {
		go func() {
			_, err := ask(q)
			errs <- err // want `send on errs can block forever: All can return at left.go:65 without receiving all`
		}()
	}
	for range qs {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// Canceled leaves a producer that has more, whatever room there is.
func Canceled(ctx context.Context, qs []string) {
	out := make(chan string, 4)
	go func() {
		defer close(out)
		for _, q := range qs {
			out <- q // want `send on out can block forever: Canceled can return at left.go:83 without receiving all`
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case q, ok := <-out:
			if !ok {
				return
			}
			println(q)
		}
	}
}

// Rounds makes a channel for each round.
func Rounds(stop chan struct{}) {
	for {
		tick := make(chan int)
		go func() {
			tick <- 1 // want `send on tick can block forever: Rounds can return at left.go:102 without receiving from it`
		}()
		select {
		case <-stop:
			return
		case <-tick:
		}
	}
}

// Workers are never told that there is no more.
func Workers(qs []string, check func(string) error) error {
	work := make(chan string)
	for range 4 {
		go func() {
			for q := range work { // want `receive from work can block forever: Workers can return at left.go:120 without closing it`
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
	close(work)
	return nil
}

// Gate waits for a goroutine that may end before.
func Gate(q string) string {
	ready := make(chan string)
	go func() {
		a, err := ask(q)
		if err != nil {
			return
		}
		ready <- a
	}()
	return <-ready // want `receive from ready can block forever: the goroutine that alone sends on it can return at left.go:134 before`
}

// Reader stops reading, and nobody tells the writer.
func Reader(ctx context.Context, qs []string) {
	in := make(chan string)
	go func() {
		for {
			select {
			case q := <-in:
				ask(q)
			case <-ctx.Done():
				return
			}
		}
	}()
	for _, q := range qs {
		in <- q // want `send on in can block forever: the goroutine that alone receives from it can return at left.go:150 before`
	}
}
