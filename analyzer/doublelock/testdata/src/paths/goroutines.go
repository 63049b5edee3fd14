// Purpose: the go statement. What the parent holds, the new goroutine does not:
// it waits its turn. What the new goroutine locks, the parent does not hold.

package paths

import "sync"

type Hub struct {
	mu sync.Mutex
	n  int
}

func (h *Hub) inc() {
	h.mu.Lock()
	h.n++
	h.mu.Unlock()
}

func (h *Hub) LiteralOk() {
	h.mu.Lock()
	defer h.mu.Unlock()
	go func() {
		h.mu.Lock()
		h.n++
		h.mu.Unlock()
	}()
}

func (h *Hub) MethodOk() {
	h.mu.Lock()
	defer h.mu.Unlock()
	go h.inc()
}

func (h *Hub) MethodBad() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.inc() // want `calling \(\*Hub\)\.inc locks h\.mu \(goroutines\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

// Inside the goroutine the rules are the same.
func (h *Hub) InsideBad() {
	done := make(chan bool)
	go func() {
		defer close(done)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.inc() // want `calling \(\*Hub\)\.inc locks h\.mu \(goroutines\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
	}()
	<-done
}

func (h *Hub) InsideOk() {
	done := make(chan bool)
	go func() {
		defer close(done)
		h.mu.Lock()
		h.n++
		h.mu.Unlock()
		h.inc()
	}()
	<-done
}

// The arguments of a go statement are evaluated by the parent.
func (h *Hub) get() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}

func use(int) {}

func (h *Hub) ArgumentBad() {
	h.mu.Lock()
	defer h.mu.Unlock()
	go use(h.get()) // want `calling \(\*Hub\)\.get locks h\.mu \(goroutines\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (h *Hub) ArgumentOk() {
	h.mu.Lock()
	defer h.mu.Unlock()
	go func() { use(h.get()) }()
}

// The lock is handed to the goroutine, which releases it.
func (h *Hub) HandedOk() {
	h.mu.Lock()
	go func() {
		h.n++
		h.mu.Unlock()
	}()
	h.mu.Lock()
	h.n++
	h.mu.Unlock()
}

// The goroutine takes the lock for the parent, which releases it.
func (h *Hub) TakenOk() {
	locked := make(chan bool)
	go func() {
		h.mu.Lock()
		close(locked)
	}()
	<-locked
	h.n++
	h.mu.Unlock()
}

// A goroutine per iteration.
func (h *Hub) LoopOk() {
	for i := 0; i < 3; i++ {
		go func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.n += i
		}()
	}
}

// The goroutine gives the lock back before it takes it again: it goes to and fro.
func (h *Hub) ToAndFroOk() {
	h.mu.Lock()
	go func() {
		for {
			h.mu.Unlock()
			h.n++
			h.mu.Lock()
		}
	}()
	for i := 0; i < 3; i++ {
		h.mu.Lock()
		h.n += i
		h.mu.Unlock()
	}
}

// The goroutine waits for the lock first.
func (h *Hub) ToAndFro() {
	h.mu.Lock()
	go func() {
		for {
			h.mu.Lock()
			h.n++
			h.mu.Unlock()
		}
	}()
	for i := 0; i < 3; i++ {
		h.mu.Lock() // want `h.mu can be locked again while this goroutine still holds it`
		h.n += i
		h.mu.Unlock()
	}
}
