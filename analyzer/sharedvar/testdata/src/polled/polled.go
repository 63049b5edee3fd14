// Package polled waits for a flag that is looked at again and again.
package polled

import (
	"sync/atomic"
	"time"
)

// until returns true if cond has become true in time.
func until(cond func() bool) bool {
	for range 100 {
		if cond() {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

func good(fetch func() error) error {
	var err error
	var ended atomic.Bool
	go func() {
		err = fetch()
		ended.Store(true)
	}()
	if !until(func() bool { return ended.Load() }) {
		return nil
	}
	return err
}

func goodValue(fetch func() error) error {
	var err error
	var ended atomic.Bool
	go func() {
		err = fetch()
		ended.Store(true)
	}()
	until(ended.Load)
	return err
}

func goodInt(fetch func() error) error {
	var err error
	var ended int32
	go func() {
		err = fetch()
		atomic.StoreInt32(&ended, 1)
	}()
	done := func() bool { return atomic.LoadInt32(&ended) == 1 }
	until(done)
	return err
}

// It is set before err is.
func badEarly(fetch func() error) error {
	var err error
	var begun atomic.Bool
	go func() {
		begun.Store(true)
		err = fetch()
	}()
	until(func() bool { return begun.Load() })
	return err // want `err is assigned by the goroutine started at line 60`
}

// The flag is another one.
func badOther(fetch func() error) error {
	var err error
	var ended, begun atomic.Bool
	go func() {
		begun.Store(true)
		err = fetch()
		ended.Store(true)
	}()
	until(func() bool { return begun.Load() })
	return err // want `err is assigned by the goroutine started at line 72`
}
