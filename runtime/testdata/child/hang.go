package main

import (
	"time"

	sync "github.com/lockcheck/lockcheck/runtime"
)

// Programs that hang, and then print a dump.
func init() {
	programs["abba"] = func() {
		a, l := new(Account), new(Ledger)
		first, second := make(chan bool), make(chan bool)
		go a.transfer(l, first, second)
		go l.audit(a, second, first)
		await("sync.Mutex.Lock", "sync.Mutex.Lock")
		show()
	}
	programs["self"] = func() {
		c := new(Cache)
		go c.put()
		await("sync.Mutex.Lock")
		show()
	}
	programs["writer"] = func() {
		r := new(Registry)
		listed, asked := make(chan bool), make(chan bool)
		go r.list(listed, asked)
		<-listed
		go r.add()
		await("chan receive", "sync.RWMutex.Lock") // the reader holds it, the writer waits
		close(asked)
		await("sync.RWMutex.RLock", "sync.RWMutex.Lock")
		show()
	}
	programs["waitgroup"] = func() {
		go new(Pool).drain()
		await("sync.WaitGroup.Wait", "sync.Mutex.Lock")
		show()
	}
	programs["send"] = func() {
		h := &Hub{out: make(chan int)}
		sending := make(chan bool)
		go h.broadcast(sending)
		<-sending
		go h.receive()
		await("chan send", "sync.Mutex.Lock")
		show()
	}
	programs["ended"] = func() {
		c := new(Cache)
		done := make(chan bool)
		go c.forget(done)
		<-done
		go c.put()
		await("sync.Mutex.Lock")
		show()
	}
	programs["cond"] = func() {
		q := new(Queue)
		q.some = sync.NewCond(&q.mu)
		go q.take()
		await("sync.Cond.Wait")
		q.mu.Lock()
		q.items++
		q.some.Signal()
		await("sync.Mutex.Lock")
		go q.look() // it waits for q.mu behind q.take
		await("sync.Mutex.Lock", "sync.Mutex.Lock")
		q.mu.Unlock()
		await("sleep", "sync.Mutex.Lock")
		show()
	}
	programs["waiters"] = func() {
		q := new(Queue)
		q.some = sync.NewCond(&q.mu)
		go q.take()
		go q.take()
		await("sync.Cond.Wait", "sync.Cond.Wait")
		show()
	}
	programs["once"] = func() {
		s := new(Setup)
		go s.begin()
		await("sleep")
		go s.wait()
		await("sleep", "sync.Mutex.Lock")
		show()
	}
}

type Setup struct{ once sync.Once }

func (s *Setup) begin() { s.once.Do(func() { time.Sleep(time.Hour) }) }

func (s *Setup) wait() { s.once.Do(func() {}) }

type Account struct{ mu sync.Mutex }
type Ledger struct{ mu sync.Mutex }

func (a *Account) transfer(l *Ledger, mine, theirs chan bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	close(mine)
	<-theirs
	l.record()
}

func (l *Ledger) record() {
	l.mu.Lock()
	defer l.mu.Unlock()
}

func (l *Ledger) audit(a *Account, mine, theirs chan bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(mine)
	<-theirs
	a.balance()
}

func (a *Account) balance() {
	a.mu.Lock()
	defer a.mu.Unlock()
}

type Cache struct{ mu sync.Mutex }

func (c *Cache) put() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.evict()
}

func (c *Cache) evict() {
	c.mu.Lock()
	defer c.mu.Unlock()
}

// forget ends without unlocking.
func (c *Cache) forget(done chan bool) {
	defer close(done)
	c.mu.Lock()
}

type Registry struct{ mu sync.RWMutex }

func (r *Registry) list(listed, asked chan bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	close(listed)
	<-asked
	r.get()
}

func (r *Registry) get() {
	r.mu.RLock()
	defer r.mu.RUnlock()
}

func (r *Registry) add() {
	r.mu.Lock()
	defer r.mu.Unlock()
}

type Pool struct {
	mu sync.Mutex
	wg sync.WaitGroup
}

func (p *Pool) drain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wg.Go(p.work)
	p.wg.Wait()
}

func (p *Pool) work() {
	p.mu.Lock()
	defer p.mu.Unlock()
}

type Hub struct {
	mu  sync.Mutex
	out chan int
}

func (h *Hub) broadcast(sending chan bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	close(sending)
	h.out <- 1
}

func (h *Hub) receive() {
	h.mu.Lock()
	defer h.mu.Unlock()
	<-h.out
}

type Queue struct {
	mu    sync.Mutex
	some  *sync.Cond
	items int
}

// take holds the lock that Wait has locked again, forever.
func (q *Queue) take() {
	q.mu.Lock()
	for q.items == 0 {
		q.some.Wait()
	}
	time.Sleep(time.Hour)
	q.mu.Unlock()
}

func (q *Queue) look() {
	q.mu.Lock()
	defer q.mu.Unlock()
	time.Sleep(time.Hour)
}
