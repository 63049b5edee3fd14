//lint:file-ignore SA2001 what the locks guard does not matter here

package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
)

// Programs that misuse locks, or hold them for long.
func init() {
	programs["unlock"] = func() {
		c := new(Cache)
		done := make(chan bool)
		go func() {
			c.mu.Lock()
			c.mu.Unlock()
			close(done)
		}()
		<-done
		c.mu.Unlock()
	}
	programs["unlock-never"] = func() { new(Cache).mu.Unlock() }
	programs["unlock-write"] = func() {
		r := new(Registry)
		r.mu.Lock()
		r.mu.Unlock()
		r.mu.Unlock()
	}
	programs["held"] = func() {
		heard := make(chan bool, 10)
		lockcheck.Configure(lockcheck.HoldLimit(30*time.Millisecond), hear(heard, "held"))
		c := new(Cache)
		c.mu.Lock()
		<-heard
		c.mu.Unlock()
	}
	programs["waiting"] = func() {
		heard := make(chan bool, 10)
		lockcheck.Configure(lockcheck.WaitLimit(30*time.Millisecond), hear(heard, "waiting"))
		c := new(Cache)
		c.mu.Lock()
		done := make(chan bool)
		go func() {
			c.put2()
			close(done)
		}()
		<-heard
		c.mu.Unlock()
		<-done
	}
	// signals waits for signals, with a lock held.
	programs["signals"] = func() {
		c := new(Cache)
		go func() {
			c.mu.Lock()
			fmt.Println("ready")
			select {}
		}()
		time.Sleep(time.Hour)
	}
	// foreign has another goroutine unlock what this one waits for: no deadlock.
	programs["foreign"] = func() {
		c := new(Cache)
		c.mu.Lock()
		go func() {
			await2("sync.Mutex.Lock")
			c.mu.Unlock()
		}()
		c.mu.Lock()
		c.mu.Unlock()
	}
}

func (c *Cache) put2() {
	c.mu.Lock()
	defer c.mu.Unlock()
}

// hear has reports printed, and those of a check told of.
func hear(heard chan bool, check string) lockcheck.Option {
	return lockcheck.OnReport(func(r lockcheck.Report) {
		fmt.Fprint(os.Stderr, r.Text())
		if r.Check == check && r.Note {
			heard <- true
		}
	})
}

// await2 returns when main is in a state.
func await2(state string) {
	for {
		for _, g := range lockcheck.Snapshot().Goroutines {
			if g.ID == 1 && strings.HasPrefix(g.State, state) {
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
}
