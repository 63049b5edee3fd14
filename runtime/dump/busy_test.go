package dump_test

import (
	"bytes"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockcheck/lockcheck/runtime/dump"
)

// An office has locks that are contended all the time: methods that lock call others that lock something
// else, who holds a lock may be slow, and readers queue behind writers.
type office struct {
	mu    sync.RWMutex
	files map[int]int
	desk  *desk
}

type desk struct {
	calls int
	mu    sync.Mutex
	some  *sync.Cond
	todo  []int
}

func (o *office) read(k int) int {
	o.mu.RLock()
	defer o.mu.RUnlock()
	o.desk.add(k)
	time.Sleep(200 * time.Microsecond)
	return o.files[k]
}

func (o *office) readTwo(k int) int { return o.read(k) + o.read(k+1) }

func (o *office) write(k int) {
	o.read(k)
	o.mu.Lock()
	o.files[k%10]++
	o.desk.add(k)
	o.mu.Unlock()
}

func (o *office) clean() {
	o.mu.Lock()
	defer o.mu.Unlock()
	time.Sleep(2 * time.Millisecond)
	clear(o.files)
}

func (d *desk) add(k int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.put(k)
}

func (d *desk) put(k int) {
	d.calls++
	d.todo = append(d.todo, k)
	d.some.Signal()
}

func (d *desk) work(stop *bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for !*stop {
		for len(d.todo) == 0 && !*stop {
			d.some.Wait()
		}
		time.Sleep(100 * time.Microsecond)
		d.todo = nil
	}
}

// TestBusy proves that nothing is called a deadlock in a program that is only busy.
func TestBusy(t *testing.T) {
	var all sync.WaitGroup
	stop := false // guarded by the locks of all desks
	done := make(chan bool)
	loop := func(f func(int)) {
		all.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
					f(i)
				}
			}
		})
	}
	var desks []*desk
	for range 2 {
		d := new(desk)
		d.some = sync.NewCond(&d.mu)
		o := &office{files: map[int]int{}, desk: d}
		desks = append(desks, d)
		all.Go(func() { d.work(&stop) })
		for range 5 {
			loop(func(i int) { o.readTwo(i) })
			loop(o.write)
		}
		loop(func(int) { o.clean() })
	}
	waits := 0
	for range 40 {
		time.Sleep(5 * time.Millisecond)
		var b bytes.Buffer
		if err := pprof.Lookup("goroutine").WriteTo(&b, 2); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		d, err := dump.Parse(&b)
		if err != nil {
			t.Fatal(err)
		}
		d.Analyze()
		waits += len(d.Stuck)
		for _, s := range d.Stuck {
			if s.Deadlock || len(d.Deadlocks) > 0 {
				t.Fatalf("%s\nof\n%s", strings.Join(s.Why, "\n"), text)
			}
		}
	}
	if waits == 0 {
		t.Error("nobody has waited")
	}
	close(done)
	for _, d := range desks {
		d.mu.Lock()
	}
	stop = true
	for _, d := range desks {
		d.some.Broadcast()
		d.mu.Unlock()
	}
	all.Wait()
}
