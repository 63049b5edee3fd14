package objects

import (
	"maps"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

type settings struct{ names map[string]string }

// What an atomic pointer leads to is changed in place.
type Holder struct{ now atomic.Pointer[settings] }

func (h *Holder) Set(k, v string) {
	s := h.now.Load()
	s.names[k] = v // want `the map settings.names is written here, while others that have it from Holder.now may be at it, as \(\*Holder\).Get at homes.go:22: what an atomic pointer leads to must not be changed in place; the two race`
	h.now.Store(s)
}

func (h *Holder) Get(k string) string { return h.now.Load().names[k] }

// It is copied first.
type Copier struct{ now atomic.Pointer[settings] }

func (c *Copier) Set(k, v string) {
	s := &settings{names: maps.Clone(c.now.Load().names)}
	s.names[k] = v
	c.now.Store(s)
}

func (c *Copier) Get(k string) string { return c.now.Load().names[k] }

// A lock inside guards what the pointer leads to.
type counts struct {
	mu sync.Mutex
	n  map[string]int
}
type Counter struct{ now atomic.Pointer[counts] }

func (c *Counter) Add(k string) {
	s := c.now.Load()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n[k]++
}

func (c *Counter) Get(k string) int {
	s := c.now.Load()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n[k]
}

// Goroutines write to what others find in a map.
type conn struct {
	c    net.Conn
	last time.Time
	name string
}
type Server struct {
	mu    sync.Mutex
	conns map[*conn]bool
	list  []*conn
}

func (s *Server) Serve(l net.Listener) error {
	for {
		nc, err := l.Accept()
		if err != nil {
			return err
		}
		c := &conn{c: nc, name: "new"}
		s.mu.Lock()
		s.conns[c] = true
		s.list = append(s.list, c)
		s.mu.Unlock()
		go s.handle(c)
	}
}

func (s *Server) handle(c *conn) {
	buf := make([]byte, 1024)
	for {
		if _, err := c.c.Read(buf); err != nil {
			return
		}
		c.last = time.Now()
	}
}

func (s *Server) Reap(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if time.Since(c.last) > d { // want `conn.last is assigned by the goroutine started at line 79, which goes on, and read here by whoever calls \(\*Server\).Reap meanwhile; the two race`
			c.c.Close()
		}
	}
}

func (s *Server) Names() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.list {
		names = append(names, c.name)
	}
	return names
}
