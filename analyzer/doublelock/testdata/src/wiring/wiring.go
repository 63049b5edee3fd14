// Package wiring: a helper object that is given its owner when it is made locks the
// owner's mutex through its own field.
package wiring

import "sync"

type Server struct {
	mu    sync.Mutex
	conns int
}

// helper keeps its owner for good.
type helper struct {
	owner *Server
	n     int
}

func newHelper(s *Server) *helper { return &helper{owner: s} }

func (h *helper) count() int {
	h.owner.mu.Lock()
	defer h.owner.mu.Unlock()
	return h.owner.conns
}

func (s *Server) ConstructorBad() int {
	h := newHelper(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	return h.count() // want `calling \(\*helper\)\.count locks s\.mu \(wiring\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (s *Server) ConstructorOk() int {
	h := newHelper(s)
	s.mu.Lock()
	s.conns++
	s.mu.Unlock()
	return h.count()
}

func (s *Server) LiteralBad() int {
	h := &helper{owner: s, n: 1}
	s.mu.Lock()
	defer s.mu.Unlock()
	return h.count() // want `calling \(\*helper\)\.count locks s\.mu \(wiring\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (s *Server) OtherOk(other *Server) int {
	h := &helper{owner: other}
	s.mu.Lock()
	defer s.mu.Unlock()
	return h.count()
}

// roamer changes its owner.
type roamer struct{ owner *Server }

func (r *roamer) move(s *Server) { r.owner = s }

func (r *roamer) count() int {
	r.owner.mu.Lock()
	defer r.owner.mu.Unlock()
	return r.owner.conns
}

func (s *Server) RoamerOk(other *Server) int {
	r := &roamer{owner: s}
	r.move(other)
	s.mu.Lock()
	defer s.mu.Unlock()
	return r.count()
}

// A field set to what is reached through itself, in a copy: nothing to say, and the
// engine must come to an end.
type context struct{ depth []int }

func step(c context, s []byte) context {
	for i := range s {
		switch s[i] {
		case '{':
			c.depth[len(c.depth)-1]++
		case '}':
			c.depth[len(c.depth)-1]--
			c.depth = c.depth[:len(c.depth)-1]
		}
	}
	return c
}

func (s *Server) StepOk(text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns = len(step(context{[]int{s.conns}}, text).depth)
}
