//go:build lockcheck

//lint:file-ignore SA2001 what the locks guard does not matter here

package record_test

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
	"github.com/lockcheck/lockcheck/runtime/internal/record"
	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

var stressRounds = flag.Int("stress.rounds", 100, "how often each goroutine of a stress test locks, or those that come in its place")

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

const (
	classes = len(steps)
	// A chain is the classes of up to four locks held, with repetition, in order.
	maxChains = 8 + 36 + 120 + 330
	// Locks of one class are told apart: each pair of objects is one.
	maxPairs = classes*objects*(objects-1)/2 + maxChains*classes
)

// stress has goroutines lock in order, each some number of times. Half of them are replaced by new ones every now and
// then. It calls midway when half of that is done, and checks by counts that what ended leaves nothing behind, and
// that what the engine keeps is bounded by what there is to learn. What that takes of memory, BenchmarkStress tells.
func stress(tb testing.TB, midway func()) {
	goroutines := 10_000
	if raceEnabled {
		goroutines = 5_000 // the detector has a limit
	}
	if testing.Short() {
		goroutines = 1000 // for fewer, the second table of slots is larger than need be
	}
	learned, _ := record.Counts()
	before := runtime.NumGoroutine()
	all := new([objects]object)
	var nests, births atomic.Int64
	total := int64(goroutines * *stressRounds)
	half := make(chan bool)
	var lines sync.WaitGroup // a goroutine and those in its place
	var work func(seed uint64, rounds int)
	work = func(seed uint64, rounds int) {
		r := rand.New(rand.NewPCG(seed, 1))
		for round := 1; rounds > 0; round++ {
			nest(r, all, 1+r.IntN(4))
			rounds--
			if nests.Add(1) == total/2 {
				close(half)
			}
			if seed%2 == 0 && round == 21 {
				births.Add(1)
				go work(seed+2*uint64(goroutines), rounds)
				return
			}
		}
		lines.Done()
	}
	lines.Add(goroutines)
	for i := range goroutines {
		go work(uint64(i), *stressRounds)
	}
	<-half
	if midway != nil {
		midway()
	}
	lines.Wait()
	_, slots := record.SlotsInUse()
	if slots > 8*2*goroutines {
		tb.Errorf("%d slots for %d goroutines", slots, goroutines)
	}
	left := gone(before)
	used, _ := record.SlotsInUse()
	if used > left {
		tb.Errorf("%d slots are in use by %d goroutines", used, left)
	}
	now, dropped := record.Counts()
	tb.Logf("%d goroutines, and %d in their place; %d nests; %d classes, %d chains, %d pairs; %d, %d and %d lost; %d slots, of which %d are still in use",
		goroutines, births.Load(), nests.Load(), now.Classes, now.Chains, now.Pairs, now.LostChains, now.LostPairs, dropped, slots, used)
	if now.LostChains+now.LostPairs > 0 || dropped > 0 {
		tb.Errorf("tables are full: %+v, %d", now, dropped)
	}
	if now.Classes-learned.Classes > classes+1 || now.Chains-learned.Chains > maxChains || now.Pairs-learned.Pairs > maxPairs {
		tb.Errorf("more was learned than there is: %+v, before it %+v", now, learned)
	}
	if n := nests.Load(); n != total {
		tb.Errorf("%d nests, want %d", n, total)
	}
}

// gone waits until all goroutines have ended that there were not before, but for those of the engine. It returns how
// many there are, once the slots of the others are freed.
func gone(before int) int {
	const engine = 4
	lockcheck.Settle()
	for runtime.NumGoroutine() > before+engine {
		time.Sleep(time.Millisecond)
	}
	left := runtime.NumGoroutine()
	record.Snapshot() // frees slots
	return left
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
		stress(t, func() {
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
	goroutines := 1_000_000
	if raceEnabled {
		goroutines /= 10
	}
	if testing.Short() {
		goroutines /= 10
	}
	_, before := record.SlotsInUse()
	most := churn(goroutines)
	_, slots := record.SlotsInUse()
	t.Logf("%d goroutines, %d at once; at most %d slots in use of %d", goroutines, atOnce, most, slots)
	if slots > max(before, 16*atOnce) {
		t.Errorf("%d slots for %d goroutines at once", slots, atOnce)
	}
}

const atOnce = 1000

// churn has goroutines lock once and end, and returns how many slots were in use at a time.
func churn(goroutines int) (most int) {
	locks := make([]lockcheck.Mutex, 100)
	room := make(chan bool, atOnce)
	for i := range goroutines {
		room <- true
		go func() {
			l := &locks[i%len(locks)]
			l.Lock()
			l.Unlock()
			<-room
		}()
		if i%(goroutines/100) == 0 {
			used, _ := record.SlotsInUse()
			most = max(most, used)
		}
	}
	for range atOnce {
		room <- true
	}
	return most
}

// heap returns the bytes of live objects in the heap, without slots.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what the first one found finalizers and cleanups for
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) - float64(record.SlotBytes())
}

// BenchmarkStress tells by how much the heap grows for each stress, once it is warm: the engine learns what it has not
// seen yet.
func BenchmarkStress(b *testing.B) {
	lockcheck.Configure(lockcheck.OnReport(func(lockcheck.Report) {}), lockcheck.WaitLimit(0))
	defer lockcheck.Configure(lockcheck.OnReport(nil))
	stress(b, nil)
	before := heap()
	for b.Loop() {
		stress(b, nil)
	}
	b.ReportMetric((heap()-before)/float64(b.N), "heap-B/op")
}

// BenchmarkChurn does so for 100,000 goroutines that come and go.
func BenchmarkChurn(b *testing.B) {
	churn(100_000)
	before := heap()
	for b.Loop() {
		churn(100_000)
	}
	b.ReportMetric((heap()-before)/float64(b.N), "heap-B/op")
}
