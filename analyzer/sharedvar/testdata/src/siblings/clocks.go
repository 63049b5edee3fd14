package siblings

import "sync"

type clocks struct{ keys chan string }

func (c clocks) Clock() int            { return len(c.keys) }
func (c clocks) Reblock(k string)      { c.keys <- k }
func (c clocks) AcquireKey(key string) { c.keys <- key }

// clocked calls functions whose names have a lock in them.
func clocked(c clocks) int {
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			c.Reblock("a")
			println(c.Clock())
			n++ // want `n is assigned by goroutines that line \d+ starts`
		})
	}
	wg.Wait()
	return n
}

// keyed takes a lock of its own kind, by its name.
func keyed(c clocks) int {
	n := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			c.AcquireKey("a")
			n++
		})
	}
	wg.Wait()
	return n
}
