// Package locals has variables of functions that goroutines share.
package locals

import (
	"sync"
	"sync/atomic"
	"time"
)

func Racy() int32 {
	var n int32
	go func() { atomic.AddInt32(&n, 1) }()
	time.Sleep(time.Millisecond)
	return n // want `plain read of n, which locals.go:12 accesses atomically`
}

func Right() int32 {
	var n int32
	go func() { atomic.AddInt32(&n, 1) }()
	time.Sleep(time.Millisecond)
	return atomic.LoadInt32(&n)
}

func Before() {
	var n int32
	n = 3
	go func() { atomic.AddInt32(&n, 1) }()
}

func Joined() int32 {
	var n int32
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			atomic.AddInt32(&n, 1)
		}()
	}
	wg.Wait()
	return n
}

// Two goroutines, one of which forgets.
func Two() {
	var stop int32
	go func() { atomic.StoreInt32(&stop, 1) }()
	go func() {
		stop = 0 // want `plain write to stop, which locals.go:47 accesses atomically`
	}()
}

// One goroutine does all of it.
func One() {
	var n int32
	go func() {
		atomic.AddInt32(&n, 1)
		n++
	}()
}

// A channel may tell.
func Told() int32 {
	var n int32
	done := make(chan bool)
	go func() { atomic.AddInt32(&n, 1); close(done) }()
	<-done
	return n
}

// What each does may run the function at once and wait for all.
func Given(each func(func())) int32 {
	var n int32
	each(func() { atomic.AddInt32(&n, 1) })
	return n
}

// A struct without a name.
func Fields() int {
	var st struct{ a, b int32 }
	go func() {
		atomic.AddInt32(&st.a, 1)
		st.b = 2
	}()
	return int(st.a) // want `plain read of st.a`
}
