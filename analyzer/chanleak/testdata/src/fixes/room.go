// Package fixes: a channel gets room for the one value that is sent.
package fixes

import (
	"context"
	"errors"
	"time"
)

func ask(q string) (string, error) { return q, nil }

// Timeout leaves the sender behind.
func Timeout(q string) (string, error) {
	answer := make(chan string) // room for one
	go func() {
		a, _ := ask(q)
		answer <- a // want `send on answer can block forever: Timeout can return at room.go:23 without receiving from it`
	}()
	select {
	case a := <-answer:
		return a, nil
	case <-time.After(time.Second):
		return "", errors.New("late")
	}
}

// Either sends one of two.
func Either(ctx context.Context, q string) error {
	errs := make(chan error, 0)
	go func() {
		defer close(errs)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		if _, err := ask(q); err != nil {
			errs <- err // want `send on errs can block forever: Either can return at room.go:44 without receiving from it`
			return
		}
		errs <- ctx.Err()
	}()
	select {
	case err := <-errs:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Two sends two: room for one is not enough.
func Two(ctx context.Context, q string) {
	c := make(chan string)
	go func() {
		c <- q // want `send on c can block forever: Two can end without receiving from it`
		c <- q
	}()
	select {
	case <-c:
		println(<-c)
	case <-ctx.Done():
	}
}

// Later does something when the value has been received.
func Later(ctx context.Context, q string) {
	c := make(chan string)
	go func() {
		c <- q // want `send on c can block forever: Later can end without receiving from it`
		note(q)
	}()
	select {
	case <-c:
	case <-ctx.Done():
	}
}

var received []string

func note(q string) { received = append(received, q) }

// Both channels are left at once.
func Split(ctx context.Context, q string) {
	good, bad := make(chan string), make(chan error) // both
	go func() {
		if a, err := ask(q); err != nil {
			bad <- err
		} else {
			good <- a // want `send on good can block forever: Split can end without receiving from it`
		}
	}()
	select {
	case <-good:
	case <-bad:
	case <-ctx.Done():
	}
}
