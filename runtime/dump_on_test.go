//go:build lockcheck

package lockcheck

import (
	"sync"
	"testing"
	"unsafe"

	"github.com/lockcheck/lockcheck/runtime/dump"
)

// TestDumpEnded has goroutines end that hold locks: their locks are in a dump, with the kinds of these.
func TestDumpEnded(t *testing.T) {
	const n = 300
	mus, rws := make([]Mutex, n), make([]RWMutex, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			mus[i].Lock()
			rws[i].RLock()
		})
	}
	all.Wait()
	kinds := make(map[dump.Lock]bool)
	for range 100 { // a goroutine ends a moment after it has called Done
		for _, g := range Snapshot().Goroutines {
			for _, h := range g.Holds {
				if h.Lock.Class != "" {
					kinds[dump.Lock{Kind: h.Lock.Kind, Addr: h.Lock.Addr}] = g.Ended
				}
			}
		}
		left := 0
		for i := range n {
			if !kinds[dump.Lock{Kind: "Mutex", Addr: addrOf(&mus[i])}] || !kinds[dump.Lock{Kind: "RWMutex", Addr: addrOf(&rws[i])}] {
				left++
			}
		}
		if left == 0 {
			break
		}
	}
	for i := range n {
		if !kinds[dump.Lock{Kind: "Mutex", Addr: addrOf(&mus[i])}] || !kinds[dump.Lock{Kind: "RWMutex", Addr: addrOf(&rws[i])}] {
			t.Fatalf("the locks of goroutine %d of %d are not in the dump", i, n)
		}
	}
	for i := range n {
		mus[i].Unlock()
		rws[i].RUnlock()
	}
	for _, g := range Snapshot().Goroutines {
		if g.Ended {
			t.Errorf("after all was unlocked, %+v still holds %v", g.ID, g.Holds)
		}
	}
}

func addrOf[T any](p *T) uint64 { return uint64(uintptr(unsafe.Pointer(p))) }
