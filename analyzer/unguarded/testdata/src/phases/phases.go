// Package phases has accesses without the lock that no other can meet: before the goroutines start, after
// they have ended, in the one goroutine that writes. Nothing is reported.
package phases

import "sync"

type Server struct {
	mu    sync.Mutex
	conns map[int]bool
	addr  string
	next  int
	wg    sync.WaitGroup
}

// Start sets what the goroutine reads before it starts it.
func (s *Server) Start(addr string) {
	s.addr = addr
	s.wg.Add(1)
	go s.loop()
}

func (s *Server) loop() {
	defer s.wg.Done()
	println(s.addr)
	for range 10 {
		n := s.next // loop alone writes next
		s.mu.Lock()
		s.next = n + 1
		s.conns[n] = true
		s.mu.Unlock()
	}
}

func (s *Server) Next() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next
}

func (s *Server) Drop(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, n)
}

func (s *Server) Known(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns[n]
}

// worker starts goroutines and waits for them.
type worker struct {
	mu  sync.Mutex
	sum int
}

func Sum(ns []int) int {
	w := &worker{}
	var wg sync.WaitGroup
	for _, n := range ns {
		wg.Add(1)
		go func() {
			defer wg.Done()
			w.mu.Lock()
			defer w.mu.Unlock()
			w.sum += n
			w.sum *= 2
		}()
	}
	wg.Wait()
	return w.sum
}

// options are set by functions that run before anything else can.
type client struct {
	mu      sync.Mutex
	retries int
	open    bool
}

type Option func(*client)

func Retries(n int) Option { return func(c *client) { c.retries = n } }

func Dial(opts ...Option) *client {
	c := &client{}
	for _, o := range opts {
		o(c)
	}
	return c
}

func (c *client) Retries() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.retries++
	return c.retries
}

func (c *client) Open() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = c.retries > 0
}

var clients []*client

// Register makes a client known to all, and then goes on to build it.
func Register(n int) *client {
	c := &client{}
	clients = append(clients, c)
	c.retries = n
	return c
}
