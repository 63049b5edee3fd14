package main

import (
	"context"
	"fmt"
	"os"
	"time"

	sync "github.com/lockcheck/lockcheck/runtime"
)

// told prints the headlines of reports, and ends the program at the first of a deadlock.
func told() {
	sync.Configure(sync.OnReport(func(r sync.Report) {
		fmt.Println(r.Headline())
		if r.Check == "deadlock" || r.Check == "doublelock" {
			os.Exit(0)
		}
	}))
}

type gate struct{ mu sync.Mutex }
type book struct{ mu sync.RWMutex }

// Programs that come to a standstill, and that seem to.
func init() {
	programs["still group"] = func() {
		told()
		var g gate
		var wg sync.WaitGroup
		g.mu.Lock()
		wg.Go(func() { g.mu.Lock(); g.mu.Unlock() })
		wg.Wait()
		g.mu.Unlock()
	}
	programs["still channel"] = func() {
		told()
		var g gate
		c, done := make(chan int), make(chan bool)
		go func() { g.mu.Lock(); close(done); c <- 1; g.mu.Unlock() }()
		go func() { <-done; g.mu.Lock(); <-c; g.mu.Unlock() }()
		<-make(chan bool)
	}
	programs["still asleep"] = func() {
		told()
		var wg sync.WaitGroup
		wg.Add(1)
		wg.Wait()
	}
	programs["still ring"] = func() {
		told()
		const n = 50
		var gates [n]gate
		var locked sync.WaitGroup
		locked.Add(n)
		for i := range gates {
			go func() {
				gates[i].mu.Lock()
				locked.Done()
				locked.Wait()
				gates[(i+1)%n].mu.Lock()
			}()
		}
		time.Sleep(time.Hour)
	}
	programs["still mode"] = func() {
		told()
		var b book
		do := func(l sync.Locker, f func()) { l.Lock(); f(); l.Unlock() }
		do(&b.mu, func() {})
		do(b.mu.RLocker(), func() {})
		do(&b.mu, func() { b.mu.RLock() })
	}
	programs["still semaphore"] = func() { // each lock is unlocked by the goroutine that it waits for
		told()
		var g, h gate
		for range 50 {
			g.mu.Lock()
			go func() { h.mu.Lock(); g.mu.Unlock(); h.mu.Unlock() }()
			g.mu.Lock()
			h.mu.Lock()
			h.mu.Unlock()
			g.mu.Unlock()
		}
		sync.Settle()
	}
	programs["still timer"] = func() { // a timer wakes the one that the others wait for
		told()
		var g gate
		c, done := make(chan int), make(chan bool)
		go func() { g.mu.Lock(); c <- 1; g.mu.Unlock(); close(done) }()
		go func() { g.mu.Lock(); g.mu.Unlock() }()
		select {
		case <-time.After(2500 * time.Millisecond):
		case <-done:
		}
		<-c
		<-done
	}
	programs["still deadline"] = func() { // a Cond with a deadline, as the documentation of context.AfterFunc has it
		sync.Configure(sync.OnReport(func(r sync.Report) {
			if r.Note && !r.Certain {
				fmt.Print("note: ")
			}
			fmt.Println(r.Headline())
		}))
		var g gate
		cond := sync.NewCond(&g.mu)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		defer context.AfterFunc(ctx, func() { g.mu.Lock(); defer g.mu.Unlock(); cond.Broadcast() })()
		g.mu.Lock()
		for ctx.Err() == nil {
			cond.Wait()
		}
		g.mu.Unlock()
		fmt.Println("done")
	}
	programs["still values"] = func() { // method values have one wrapper
		told()
		var a gate
		var b book
		var c struct{ mu sync.Mutex }
		call := func(f func()) { f() }
		one := func(f func()) { done := make(chan bool); go func() { f(); close(done) }(); <-done }
		one(func() { call(a.mu.Lock); c.mu.Lock(); c.mu.Unlock(); a.mu.Unlock() })
		one(func() { c.mu.Lock(); call(b.mu.Lock); b.mu.Unlock(); c.mu.Unlock() })
		sync.Settle()
	}
	programs["still phases"] = func() { // the goroutine has ended before its parent locks
		told()
		var a, b struct{ mu sync.Mutex }
		done := make(chan bool)
		go func() { a.mu.Lock(); b.mu.Lock(); b.mu.Unlock(); a.mu.Unlock(); close(done) }()
		<-done
		await() // until it is no more
		b.mu.Lock()
		a.mu.Lock()
		a.mu.Unlock()
		b.mu.Unlock()
		sync.Settle()
	}
}
