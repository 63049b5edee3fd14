//lint:file-ignore SA2001 what the locks guard does not matter here

package main

import (
	"os"
	"runtime"
	"strconv"
	"time"

	sync "github.com/lockcheck/lockcheck/runtime"
)

// Programs with one data race each: on n. Two goroutines each use objects of their own, so nothing orders
// them. What is written first is written first in all likelihood, by the clock, which the race
// detector does not know; whatever lockcheck does in between must not look to it like order. Both
// stay alive to the end, since the detector forgets those that ended when others
// are busy, as lockcheck is when it reads source.
func init() {
	racy := map[string]func() (f, g func()){
		"race-mutex": func() (f, g func()) {
			var a, b sync.Mutex
			return func() { a.Lock(); a.Unlock() }, func() { b.Lock(); b.Unlock() }
		},
		"race-rwmutex": func() (f, g func()) {
			var a, b sync.RWMutex
			return func() { a.RLock(); a.RUnlock(); a.Lock(); a.Unlock() },
				func() { b.RLock(); b.RUnlock(); b.Lock(); b.Unlock() }
		},
		"race-new": func() (f, g func()) { return nest, nest },
		"race-try": func() (f, g func()) {
			var a, b sync.Mutex
			var c, d sync.RWMutex
			return func() { try(&a, &c) }, func() { try(&b, &d) }
		},
		"race-once": func() (f, g func()) {
			return func() { var o sync.Once; o.Do(nest) }, func() { var o sync.Once; o.Do(nest); o.Do(nest) }
		},
		"race-cond": func() (f, g func()) { return meet, meet },
		"race-waitgroup": func() (f, g func()) {
			join := func() {
				var wg sync.WaitGroup
				wg.Add(1)
				go func() { nest(); wg.Done() }()
				wg.Go(nest)
				wg.Wait()
			}
			return join, join
		},
		"race-handoff": func() (f, g func()) { return handOff, handOff },
		"race-wait":    func() (f, g func()) { return contend, contend },
		"race-report":  func() (f, g func()) { return invert, invert },
		"race-many": func() (f, g func()) { // slots are claimed, tables grow
			crowd := func() {
				done := make(chan bool)
				for range 12 {
					go func() { nest(); done <- true }()
				}
				for range 12 {
					<-done
				}
			}
			return crowd, crowd
		},
	}
	for name, both := range racy {
		programs[name] = func() {
			f, g := both()
			first, second := make(chan bool), make(chan bool)
			go func() {
				n++
				for range times() {
					f()
				}
				first <- true
			}()
			go func() {
				time.Sleep(20 * time.Millisecond)
				for range times() {
					g()
				}
				n++
				second <- true
			}()
			<-second
			<-first
			if n > 2 {
				panic(n)
			}
		}
	}
}

// n is what they race for.
var n int

// times is how often to do something.
func times() int {
	if len(os.Args) > 2 {
		n, err := strconv.Atoi(os.Args[2])
		if err != nil {
			panic(err)
		}
		return n
	}
	return 3
}

// node is a lock whose order among its like is that of instances: each new pair goes
// to the engine.
type node struct {
	mu sync.Mutex
	rw sync.RWMutex
}

// nest acquires new locks, nested.
func nest() {
	for range 5 {
		a, b := new(node), new(node)
		a.mu.Lock()
		b.mu.Lock()
		a.rw.RLock()
		b.rw.RLock()
		b.rw.RUnlock()
		a.rw.RUnlock()
		b.mu.Unlock()
		a.mu.Unlock()
	}
}

func try(a *sync.Mutex, c *sync.RWMutex) {
	if a.TryLock() {
		if c.TryRLock() {
			c.RUnlock()
		}
		if c.TryLock() {
			c.Unlock()
		}
		a.Unlock()
	}
}

// meet waits for a Cond.
func meet() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready := false
	go func() { mu.Lock(); ready = true; mu.Unlock(); c.Broadcast() }()
	mu.Lock()
	for !ready {
		c.Wait()
	}
	mu.Unlock()
}

// handOff has another goroutine unlock.
func handOff() {
	var mu sync.Mutex
	mu.Lock()
	go mu.Unlock()
	mu.Lock()
	mu.Unlock()
}

// contend makes a goroutine wait for a lock.
func contend() {
	var mu sync.RWMutex
	mu.Lock()
	done := make(chan bool)
	for range 3 {
		go func() { mu.RLock(); mu.RUnlock(); mu.Lock(); mu.Unlock(); done <- true }()
	}
	runtime.Gosched()
	time.Sleep(time.Millisecond)
	mu.Unlock()
	for range 3 {
		<-done
	}
}

// invert has an inversion reported.
func invert() {
	a, b := new(Account), new(Ledger)
	done := make(chan bool)
	go func() { a.mu.Lock(); b.mu.Lock(); b.mu.Unlock(); a.mu.Unlock(); done <- true }()
	<-done
	go func() { b.mu.Lock(); a.mu.Lock(); a.mu.Unlock(); b.mu.Unlock(); done <- true }()
	<-done
}

// clean is a program without data races that uses all there is of lockcheck at once.
func init() {
	programs["clean"] = func() {
		sync.Configure(sync.HoldLimit(time.Millisecond), sync.WaitLimit(time.Millisecond))
		stop := time.Now().Add(2 * time.Second)
		var wg sync.WaitGroup
		shared := make([]node, 20)
		counts := make([]int, len(shared)) // each guarded by the mu of its node
		reads := 0                         // guarded by the rw of the first
		for i := range 200 {
			wg.Go(func() {
				for round := 0; time.Now().Before(stop); round++ {
					switch (i + round) % 10 {
					case 0:
						nest()
					case 1:
						meet()
					case 2:
						handOff()
					case 3:
						contend()
					case 4:
						invert()
					case 5:
						shared[0].rw.RLock()
						_ = reads
						shared[0].rw.RUnlock()
					case 6:
						shared[0].rw.Lock()
						reads++
						shared[0].rw.Unlock()
					case 7:
						if i < 10 {
							_ = sync.Snapshot()
						}
					default:
						k := (i + round) % (len(shared) - 1)
						shared[k].mu.Lock()
						shared[k+1].mu.Lock()
						counts[k]++
						counts[k+1]++
						shared[k+1].mu.Unlock()
						shared[k].mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
	}
}
