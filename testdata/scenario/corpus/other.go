//lint:file-ignore SA2001 what the locks guard does not matter here

package main

import (
	"flag"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The rest of package sync, and its neighbours.
var others = []scenario{
	{Name: "once-lock", What: "B locked in Once.Do, and Once.Do under B", Want: 1, run: onceLock},
	{Name: "cond", What: "Cond.Wait, producers and consumers", Want: 0, run: cond},
	{Name: "helper", What: "unrelated locks through one helper for a Locker", Want: 0, run: helper},
	{Name: "synctest", What: "inversion in a synctest bubble", Want: 1, run: bubble},
	{Name: "race", What: "a data race beside two locks, found by -race", Want: 0, Race: true, run: race},
}

func onceLock() {
	var once sync.Once
	var b sync.Mutex
	f := func() { b.Lock(); b.Unlock() }
	inTurn(
		func() { once.Do(f) },
		func() { b.Lock(); once.Do(f); b.Unlock() },
	)
}

type queue struct {
	mu    sync.Mutex
	some  *sync.Cond
	items []int
}

func (q *queue) put(i int) {
	q.mu.Lock()
	q.items = append(q.items, i)
	q.mu.Unlock()
	q.some.Signal()
}

func (q *queue) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.some.Wait()
	}
	i := q.items[0]
	q.items = q.items[1:]
	return i
}

func cond() {
	q := new(queue)
	q.some = sync.NewCond(&q.mu)
	const n = 200
	produce := func() {
		for i := range n {
			q.put(i)
		}
	}
	consume := func() {
		for range n {
			q.take()
		}
	}
	together(consume, consume, produce, produce)
}

func with(l sync.Locker, f func()) {
	l.Lock()
	defer l.Unlock()
	f()
}

func helper() {
	var a, b, c, d sync.Mutex
	var rw sync.RWMutex
	n := 0
	work := func() { n++ }
	inTurn(
		func() { with(&a, func() { with(&b, work) }) },
		func() { with(&c, func() { with(&d, work) }) },
		func() { with(&d, func() { with(&b, work) }) },
		func() { with(&rw, func() { with(&a, work) }) },
		func() { with(rw.RLocker(), func() { with(&b, work) }) },
	)
}

// bubble runs a test, which is the only way into a bubble.
func bubble() {
	os.Args = os.Args[:1]
	testing.Init()
	flag.Parse()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	os.Stdout = null
	test := func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := new(bank)
			go b.transfer()
			synctest.Wait()
			go func() { time.Sleep(time.Hour); b.audit() }()
			time.Sleep(2 * time.Hour)
		})
	}
	testing.Main(func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: "Bubble", F: test}}, nil, nil)
}

// race is found because nothing orders the goroutines: the two locks differ.
func race() {
	var a, b sync.Mutex
	n := 0
	together(
		func() { a.Lock(); n++; a.Unlock() },
		func() { time.Sleep(20 * time.Millisecond); b.Lock(); n++; b.Unlock() },
	)
}
