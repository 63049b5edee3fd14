//go:build lockcheck

//lint:file-ignore SA2001 what the locks guard does not matter here

package record_test

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
	"github.com/lockcheck/lockcheck/runtime/internal/record"
	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

var stressTime = flag.Duration("stress.time", 3*time.Second, "how long each stress test runs")

// An object has a lock of each class. The order is: by class, then by object.
type object struct {
	a, b, c, d lockcheck.Mutex
	e, f, g, h lockcheck.RWMutex
}

// steps lock and unlock a class of an object each, all at places of their own.
var steps = [...]struct{ lock, unlock func(*object) }{
	{func(o *object) { o.a.Lock() }, func(o *object) { o.a.Unlock() }},
	{func(o *object) { o.b.Lock() }, func(o *object) { o.b.Unlock() }},
	{func(o *object) { o.c.Lock() }, func(o *object) { o.c.Unlock() }},
	{func(o *object) { o.d.Lock() }, func(o *object) { o.d.Unlock() }},
	{func(o *object) { o.e.Lock() }, func(o *object) { o.e.Unlock() }},
	{func(o *object) { o.f.RLock() }, func(o *object) { o.f.RUnlock() }},
	{func(o *object) { o.g.Lock() }, func(o *object) { o.g.Unlock() }},
	{func(o *object) { o.h.RLock() }, func(o *object) { o.h.RUnlock() }},
}

const objects = 1000 / len(steps)

// nest locks depth locks in order, and unlocks them in another.
func nest(r *rand.Rand, all *[objects]object, depth int) {
	const locks = objects * len(steps)
	var at [4]int
	// Numbers that rise: the i-th is at most as large as leaves room for those after it.
	low := 0
	for i := range depth {
		at[i] = low + r.IntN(locks-low-(depth-i-1))
		low = at[i] + 1
	}
	for _, n := range at[:depth] {
		steps[n/objects].lock(&all[n%objects])
	}
	for _, i := range r.Perm(depth) {
		steps[at[i]/objects].unlock(&all[at[i]%objects])
	}
}

// A sample is what is used at one time.
type sample struct {
	heap        uint64 // without slots
	used, slots int
	nests       int64
}

func take(nests *atomic.Int64) sample {
	runtime.GC()
	runtime.GC() // what the first one found finalizers and cleanups for
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	used, slots := record.SlotsInUse()
	return sample{m.HeapAlloc - uint64(record.SlotBytes()), used, slots, nests.Load()}
}

func inMiB(n uint64) float64 { return float64(n) / (1 << 20) }

// stress has goroutines lock in order for some time. Half of them are replaced by new ones every
// now and then. It calls midway at half time.
func stress(t *testing.T, midway func(*[objects]object)) {
	goroutines := 10_000
	if raceEnabled {
		goroutines = 5_000 // the detector has a limit
	}
	if testing.Short() {
		goroutines /= 10
	}
	all := new([objects]object)
	var nests, births atomic.Int64
	stop := make(chan bool)
	done := make(chan bool)
	var work func(seed uint64)
	work = func(seed uint64) {
		r := rand.New(rand.NewPCG(seed, 1))
		for round := 0; ; round++ {
			select {
			case <-stop:
				done <- true
				return
			default:
			}
			nest(r, all, 1+r.IntN(4))
			nests.Add(1)
			if seed%2 == 0 && round == 20 {
				births.Add(1)
				go work(seed + 2*uint64(goroutines))
				return
			}
		}
	}
	for i := range goroutines {
		go work(uint64(i))
	}
	time.Sleep(*stressTime / 2)
	half := take(&nests)
	if midway != nil {
		midway(all)
	}
	time.Sleep(*stressTime / 2)
	full := take(&nests)
	close(stop)
	for range goroutines {
		<-done
	}
	lockcheck.Settle()
	for range 100 { // the last ones have still to come to their end
		if record.Snapshot(); runtime.NumGoroutine() < 20 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	record.Snapshot() // frees slots
	end := take(&nests)
	learned, dropped := record.Counts()
	t.Logf("%d goroutines, and %d in their place; %d nests; %d classes, %d chains, %d pairs; %d, %d and %d lost",
		goroutines, births.Load(), nests.Load(), learned.Classes, learned.Chains, learned.Pairs, learned.LostChains, learned.LostPairs, dropped)
	t.Logf("heap: %.1f MiB at half time, %.1f at the end, %.1f after it", inMiB(half.heap), inMiB(full.heap), inMiB(end.heap))
	t.Logf("slots in use: %d of %d at half time, %d of %d at the end, %d after it", half.used, half.slots, full.used, full.slots, end.used)
	// While it runs, the engine learns what it has not seen yet.
	if grown := int64(full.heap) - int64(half.heap); grown > 10<<20 {
		t.Errorf("the heap has grown by %.1f MiB in the second half", inMiB(uint64(grown)))
	}
	if full.slots > 8*2*goroutines {
		t.Errorf("%d slots for %d goroutines", full.slots, goroutines)
	}
	if left := runtime.NumGoroutine(); end.used > left+10 {
		t.Errorf("%d slots are in use by %d goroutines", end.used, left)
	}
	if learned.LostChains+learned.LostPairs > 0 || dropped > 0 {
		t.Errorf("tables are full: %+v, %d", learned, dropped)
	}
	if nests.Load() < int64(goroutines) {
		t.Errorf("%d nests only", nests.Load())
	}
}

// hear returns the reports made while f runs.
func hear(t *testing.T, f func()) []report.Report {
	t.Helper()
	before := report.Count()
	lockcheck.Configure(lockcheck.OnReport(func(lockcheck.Report) {}), lockcheck.WaitLimit(0))
	defer lockcheck.Configure(lockcheck.OnReport(nil))
	f()
	lockcheck.Settle()
	return report.Since(before)
}

// TestStressOrder locks in order: nothing is to be reported.
func TestStressOrder(t *testing.T) {
	for _, r := range hear(t, func() { stress(t, nil) }) {
		t.Errorf("reported:\n%s", r.Text())
	}
}

// TestStressInversion does the same with one inversion, of locks that nobody else uses then, so that
// nothing hangs: it is to be reported once.
func TestStressInversion(t *testing.T) {
	list := hear(t, func() {
		stress(t, func(*[objects]object) {
			done := make(chan bool)
			for range 3 {
				go func() {
					var apart object
					apart.c.Lock()
					steps[1].lock(&apart)
					steps[1].unlock(&apart)
					apart.c.Unlock()
					done <- true
				}()
				<-done
			}
		})
	})
	if len(list) != 1 || list[0].Check != "lockorder" || len(list[0].Cycle) != 2 {
		t.Errorf("%d reports, want one inversion of two locks", len(list))
		for _, r := range list {
			t.Logf("%s", r.Text())
		}
	}
}

// TestChurn has many goroutines lock once and end: their slots are used again.
func TestChurn(t *testing.T) {
	goroutines, atOnce := 1_000_000, 1000
	if raceEnabled {
		goroutines /= 10
	}
	if testing.Short() {
		goroutines /= 10
	}
	var nests atomic.Int64
	locks := make([]lockcheck.Mutex, 100)
	room := make(chan bool, atOnce)
	var half sample
	before := take(&nests)
	most := 0
	for i := range goroutines {
		room <- true
		go func() {
			l := &locks[i%len(locks)]
			l.Lock()
			l.Unlock()
			nests.Add(1)
			<-room
		}()
		if i == goroutines/2 {
			half = take(&nests)
		}
		if i%(goroutines/100) == 0 {
			used, _ := record.SlotsInUse()
			most = max(most, used)
		}
	}
	for range atOnce {
		room <- true
	}
	full := take(&nests)
	t.Logf("%d goroutines, %d at once; at most %d slots in use of %d; heap: %.1f MiB at half time, %.1f at the end",
		goroutines, atOnce, most, full.slots, inMiB(half.heap), inMiB(full.heap))
	if full.slots > max(before.slots, 16*atOnce) {
		t.Errorf("%d slots for %d goroutines at once", full.slots, atOnce)
	}
	if grown := int64(full.heap) - int64(half.heap); grown > 4<<20 {
		t.Errorf("the heap has grown by %.1f MiB in the second half", inMiB(uint64(grown)))
	}
}
