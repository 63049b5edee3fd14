// Package objects has races on objects that goroutines are given: by methods, by arguments, through fields, elements and calls.
package objects

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"time"
)

type job struct {
	state string
	tries int
	done  chan bool
	tags  map[string]bool
	next  *job
}

func (j *job) run() {
	j.state = "running"
	close(j.done)
}

func startMethod() *job {
	j := &job{done: make(chan bool)}
	go j.run()
	j.state = "new" // want `job\.state is assigned by the goroutine started at line 27 and assigned here without waiting for it; the two race`
	return j
}

func goodStartMethod() *job {
	j := &job{done: make(chan bool)}
	j.state = "new"
	go j.run()
	<-j.done
	j.state = "done"
	return j
}

// The helper waits.
func (j *job) wait() { <-j.done }

func goodHelper() string {
	j := &job{done: make(chan bool)}
	go j.run()
	j.wait()
	return j.state
}

// The helper starts.
func (j *job) start() { go j.run() }

func badHelper() string {
	j := &job{done: make(chan bool)}
	j.start()
	return j.state // want `job\.state is assigned by the goroutine started at line 52 and read here without waiting for it; the two race`
}

// What calls do is followed.
func (j *job) count() { j.tries++ } // want `j\.tries is assigned by the goroutine started at line 65 and assigned here without waiting for it; the two race`

func badCalls(in chan int) {
	j := new(job)
	go func() {
		for range in {
			j.count()
		}
	}()
	j.count()
}

// The two goroutines have one object each.
func goodTwo(in chan int) {
	for range in {
		j := new(job)
		go j.count()
	}
}

func badSame(in chan int) {
	j := new(job)
	for range in {
		go j.bump()
	}
}

func (j *job) bump() {
	j.tries++ // want `job\.tries is assigned by goroutines that line 84 starts and that run at the same time; they race`
}

func pointers() int {
	j := &job{next: &job{}}
	go func() { j.next.tries = 1 }()
	return j.next.tries // want `j\.next\.tries is assigned by the goroutine started at line 94 and read here without waiting for it; the two race`
}

func inMaps() bool {
	j := &job{tags: map[string]bool{}}
	go func() { j.tags["a"] = true }()
	return j.tags["b"] // want `the map j\.tags is written by the goroutine started at line 100 and read here without waiting for it; the two race`
}

func elements() int {
	s := make([]int, 3)
	go func() { s[1] = 1 }()
	s[2] = 2
	return s[1] // want `s\[1\] is assigned by the goroutine started at line 106 and read here without waiting for it; the two race`
}

// Each goroutine has an element of its own.
func goodElements(n int) []int {
	s := make([]int, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { s[i] = i })
	}
	wg.Wait()
	return s
}

func badRange(n int) int {
	s := make([]int, n)
	for i := range n {
		go func() { s[i] = i }()
	}
	sum := 0
	for _, v := range s { // want `what s holds is assigned by the goroutine started at line 125 and read here without waiting for it; the two race`
		sum += v
	}
	return sum
}

func whole() job {
	var j job
	go func() { j.tries = 1 }()
	return j // want `j\.tries is assigned by the goroutine started at line 136 and read here without waiting for it; the two race`
}

func handedOver(ch chan *job) {
	j := new(job)
	go fill(j)
	ch <- j
}

func fill(j *job) { j.tries = 1 }

// A buffer is changed by who copies to it.
func buffers(in io.Reader) string {
	var buf bytes.Buffer
	go func() { io.Copy(&buf, in) }()
	return buf.String() // want `buf is changed by the goroutine started at line 151 and read here without waiting for it; the two race`
}

// Workers take jobs from one channel: that puts nothing in order among them.
func workers(jobs chan int) int {
	total := 0
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for n := range jobs {
				total += n // want `total is assigned by goroutines that line 160 starts and that run at the same time; they race`
			}
		})
	}
	wg.Wait()
	return total
}

// The end of the context does not wait for the goroutine.
type server struct {
	hits  int
	mu    sync.Mutex
	sum   int
	known map[string]int
}

func (s *server) handle(http.ResponseWriter, *http.Request) {
	s.hits++ // want `s\.hits is assigned by goroutines that line 185 starts and that run at the same time; they race`
	s.mu.Lock()
	s.sum++
	s.mu.Unlock()
}

func (s *server) serve() { http.HandleFunc("/", s.handle) }

// Who calls it holds the lock.
func (s *server) add() { s.sum++ }

func (s *server) locked(in chan int) {
	for range in {
		go func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.add()
		}()
	}
}

// Constants decide which way a function goes.
func maybe(s *server, start bool) {
	if start {
		go func() { s.hits = 1 }()
	}
}

func goodMaybe(s *server) int {
	maybe(s, false)
	return s.hits
}

func badMaybe(s *server) int {
	maybe(s, true)
	return s.hits // want `s\.hits is assigned by the goroutine started at line 203 and read here without waiting for it; the two race`
}

// What is set once is set before anybody reads it.
var (
	once  sync.Once
	value int
)

func get() int {
	once.Do(func() { value = 1 })
	return value
}

func goodOnce() {
	go get()
	get()
}

var ticks int

func tick() {
	for range time.Tick(time.Second) {
		ticks++
	}
}

func badGlobal() int {
	go tick()
	return ticks // want `ticks is assigned by the goroutine started at line 242 and read here without waiting for it; the two race`
}

// A lock that each call, or each goroutine, has for itself keeps nobody out.
func (s *server) ownLock() {
	var mu sync.Mutex
	mu.Lock()
	defer mu.Unlock()
	s.known["a"]++ // want `the map s\.known is written by goroutines that line \d+ starts and that run at the same time; they race`
}

func (s *server) loop() {
	for range 4 {
		go s.ownLock()
	}
}

func copied(mu sync.Mutex, j *job) {
	mu.Lock()
	j.tries++ // want `job\.tries is assigned by the goroutine started at line \d+ and assigned here by the one started at line \d+; the two race`
	mu.Unlock()
}

func badCopies() {
	var mu sync.Mutex
	j := &job{}
	go copied(mu, j)
	go copied(mu, j)
}

func given(mu *sync.Mutex, j *job) {
	mu.Lock()
	j.tries++
	mu.Unlock()
}

func goodGiven() {
	var mu sync.Mutex
	j := &job{}
	go given(&mu, j)
	go given(&mu, j)
}

// Readers do not keep each other out.
func readers(fs []func() int) (n int) {
	var mu sync.RWMutex
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Go(func() {
			v := f()
			mu.RLock()
			n += v // want `n is assigned by goroutines that line \d+ starts and that run at the same time; they race`
			mu.RUnlock()
		})
	}
	wg.Wait()
	return
}

// One literal is started several times, each time with something else.
func goodTwice(f func(bool) string) (string, string) {
	fill := func(b bool, done chan struct{}, out *string) {
		*out = f(b)
		done <- struct{}{}
	}
	done := make(chan struct{}, 2)
	var a, b string
	go fill(false, done, &a)
	go fill(true, done, &b)
	for i := 0; i < cap(done); i++ {
		<-done
	}
	return a, b
}

func badTwice(f func(bool) string) string {
	fill := func(b bool, out *string) { *out = f(b) } // want `a is assigned by the goroutine started at line \d+ and assigned here by the one started at line \d+; the two race`
	var a string
	go fill(false, &a)
	go fill(true, &a) // both
	return a          // want `a is assigned by the goroutine started at line \d+ and read here without waiting for it; the two race`
}
