// Purpose: objects that a goroutine of their own has already, which takes no locks but theirs. What locks them and
// something else cannot be met by who has that and waits for them.

package lent

import (
	"sync"
	"time"
)

type config struct {
	sync.RWMutex
	name string
}

// A method is started by a timer.
type conn struct {
	mu   sync.Mutex
	name string
	open bool
}

type server struct {
	config config
	mu     sync.Mutex
	conns  []*conn
}

func (c *conn) expire() {
	c.mu.Lock()
	c.open = false
	c.mu.Unlock()
}

func (c *conn) keep(d time.Duration) { time.AfterFunc(d, c.expire) }

func (s *server) dialOk(d time.Duration) *conn {
	c := &conn{open: true}
	c.mu.Lock()
	c.keep(d)
	s.config.RLock()
	c.name = s.config.name
	s.config.RUnlock()
	c.mu.Unlock()
	s.mu.Lock()
	s.conns = append(s.conns, c)
	s.mu.Unlock()
	return c
}

func (s *server) Reload() {
	s.config.Lock()
	defer s.config.Unlock()
	for _, c := range s.conns {
		c.expire()
	}
}

func (s *server) Dial() *conn { return s.dialOk(time.Second) }

// A literal is started, and helpers fill the object in.
type job struct {
	mu   sync.Mutex
	name string
	done bool
}

type queue struct {
	config config
	jobs   chan *job
}

func (j *job) finish() {
	j.mu.Lock()
	j.done = true
	j.mu.Unlock()
}

func (q *queue) AddOk() {
	j := &job{}
	go func() {
		time.Sleep(time.Second)
		j.finish()
	}()
	q.fill(j)
	q.jobs <- j
}

func (q *queue) fill(j *job) { q.describe(j) }

func (q *queue) describe(j *job) {
	j.mu.Lock()
	defer j.mu.Unlock()
	q.config.RLock()
	j.name = q.config.name
	q.config.RUnlock()
}

func (q *queue) Rename() {
	q.config.Lock()
	defer q.config.Unlock()
	(<-q.jobs).finish()
}

// The goroutine takes both.
type task struct {
	mu   sync.Mutex
	name string
}

type pool struct{ config config2 }

type config2 struct {
	sync.RWMutex
	name string
}

func (p *pool) AddBad() {
	t := &task{}
	go p.watch(t)
	t.mu.Lock()
	p.config.RLock() // want `config2.RWMutex is read-locked while task.mu is held`
	t.name = p.config.name
	p.config.RUnlock()
	t.mu.Unlock()
}

func (p *pool) watch(t *task) {
	p.config.Lock()
	defer p.config.Unlock()
	t.mu.Lock()
	println(t.name)
	t.mu.Unlock()
}

// The goroutine shows the object to others.
type item struct {
	mu   sync.Mutex
	name string
}

type config3 struct {
	sync.RWMutex
	name string
}

type shop struct {
	config config3
	items  chan *item
}

func (s *shop) AddBad() {
	i := &item{}
	go s.put(i)
	i.mu.Lock()
	s.config.RLock() // want `config3.RWMutex is read-locked while item.mu is held`
	i.name = s.config.name
	s.config.RUnlock()
	i.mu.Unlock()
}

func (s *shop) put(i *item) { s.items <- i }

func (s *shop) Look() {
	s.config.Lock()
	defer s.config.Unlock()
	i := <-s.items
	i.mu.Lock()
	println(i.name)
	i.mu.Unlock()
}

// The object is published before it is locked, in a helper.
type page struct {
	mu   sync.Mutex
	name string
}

type config4 struct {
	sync.RWMutex
	name string
}

type book struct {
	config config4
	pages  chan *page
}

func (b *book) AddBad() {
	p := &page{}
	b.insert(p)
	b.title(p)
}

func (b *book) insert(p *page) { b.pages <- p }

func (b *book) title(p *page) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b.config.RLock() // want `config4.RWMutex is read-locked while page.mu is held`
	p.name = b.config.name
	b.config.RUnlock()
}

func (b *book) Print() {
	b.config.Lock()
	defer b.config.Unlock()
	p := <-b.pages
	p.mu.Lock()
	println(p.name)
	p.mu.Unlock()
}

// Both locks are of the object, and its goroutine takes them, too.
type pair struct {
	a, b sync.Mutex
	n    int
}

func (p *pair) run() {
	p.b.Lock()
	p.a.Lock() // want `pair.a is locked while pair.b is held`
	p.n++
	p.a.Unlock()
	p.b.Unlock()
}

func NewPairBad() *pair {
	p := &pair{}
	go p.run()
	p.a.Lock()
	p.b.Lock()
	p.n = 1
	p.b.Unlock()
	p.a.Unlock()
	return p
}

// A constructor lends the object.
type cache struct {
	mu   sync.Mutex
	name string
}

type config5 struct {
	sync.RWMutex
	name string
}

type site struct {
	config config5
	caches chan *cache
}

func (c *cache) sweep() {
	c.mu.Lock()
	c.name = ""
	c.mu.Unlock()
}

func newCache() (*cache, error) {
	c := &cache{}
	go c.sweep()
	return c, nil
}

func (s *site) AddOk() error {
	c, err := newCache()
	if err != nil {
		return err
	}
	c.mu.Lock()
	s.config.RLock()
	c.name = s.config.name
	s.config.RUnlock()
	c.mu.Unlock()
	s.caches <- c
	return nil
}

func (s *site) Rename() {
	s.config.Lock()
	defer s.config.Unlock()
	(<-s.caches).sweep()
}

// A constructor that publishes the object.
type board struct {
	mu   sync.Mutex
	name string
}

type config6 struct {
	sync.RWMutex
	name string
}

type hall struct {
	config config6
	boards chan *board
}

func (b *board) wipe() {
	b.mu.Lock()
	b.name = ""
	b.mu.Unlock()
}

func (h *hall) newBoard() *board {
	b := &board{}
	go b.wipe()
	h.boards <- b
	return b
}

func (h *hall) AddBad() {
	b := h.newBoard()
	b.mu.Lock()
	h.config.RLock() // want `config6.RWMutex is read-locked while board.mu is held`
	b.name = h.config.name
	h.config.RUnlock()
	b.mu.Unlock()
}

func (h *hall) Rename() {
	h.config.Lock()
	defer h.config.Unlock()
	(<-h.boards).wipe()
}

// A literal that is called publishes the object.
type sheet struct {
	mu   sync.Mutex
	name string
}

type config7 struct {
	sync.RWMutex
	name string
}

type desk struct {
	config config7
	sheets chan *sheet
}

func (s *sheet) wipe() {
	s.mu.Lock()
	s.name = ""
	s.mu.Unlock()
}

func (d *desk) newSheet() *sheet {
	s := &sheet{}
	func() { d.sheets <- s }()
	return s
}

func (d *desk) AddBad() {
	s := d.newSheet()
	s.mu.Lock()
	d.config.RLock() // want `config7.RWMutex is read-locked while sheet.mu is held`
	s.name = d.config.name
	d.config.RUnlock()
	s.mu.Unlock()
}

func (d *desk) Rename() {
	d.config.Lock()
	defer d.config.Unlock()
	(<-d.sheets).wipe()
}
