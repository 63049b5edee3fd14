// Package pools has objects that are used again. Who gets one from a pool, and who gives it back, has it alone.
package pools

import (
	"io"
	"sync"
)

// A Sink is written to by several goroutines.
type Sink struct {
	mu  sync.Mutex
	to  io.Writer
	err error
	n   int
}

var sinks sync.Pool

// Get returns a sink.
func Get(to io.Writer) *Sink {
	v := sinks.Get()
	if v == nil {
		return &Sink{to: to}
	}
	s := v.(*Sink)
	s.to = to
	s.n = 0
	return s
}

// Put gives it back.
func Put(s *Sink) {
	s.reset()
	sinks.Put(s)
}

func (s *Sink) reset() {
	s.to = nil
	s.err = nil
	s.n = 0
}

// Write writes.
func (s *Sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.to.Write(p)
	s.n += n
	s.err = err
	return n, err
}

// Err tells what went wrong.
func (s *Sink) Err() error { s.mu.Lock(); defer s.mu.Unlock(); return s.err }

// Fail says what did.
func (s *Sink) Fail(err error) { s.mu.Lock(); s.err = err; s.mu.Unlock() }

// To goes on somewhere else.
func (s *Sink) To(w io.Writer) { s.mu.Lock(); s.to = w; s.err = nil; s.mu.Unlock() }

// Clear is called by who has it.
func (s *Sink) Clear() { s.mu.Lock(); s.err = nil; s.n = 0; s.mu.Unlock() }

// A Meter is one, too, but is not given back at once.
type Meter struct {
	mu  sync.Mutex
	sum int
}

var meters sync.Pool

func (m *Meter) Add(n int) { m.mu.Lock(); m.sum += n; m.mu.Unlock() }
func (m *Meter) Sub(n int) { m.mu.Lock(); m.sum -= n; m.mu.Unlock() }
func (m *Meter) Mul(n int) { m.mu.Lock(); m.sum *= n; m.mu.Unlock() }
func (m *Meter) Div(n int) { m.mu.Lock(); m.sum /= n; m.mu.Unlock() }
func (m *Meter) Neg()      { m.mu.Lock(); m.sum = -m.sum; m.mu.Unlock() }
func (m *Meter) Set(n int) { m.mu.Lock(); m.sum = n; m.mu.Unlock() }
func (m *Meter) Sum() int  { m.mu.Lock(); defer m.mu.Unlock(); return m.sum }

// Drain waits for those who still have it, and writes before.
func Drain(m *Meter, others *sync.WaitGroup) {
	m.sum = 0 // want `write to Meter\.sum without holding Meter\.mu`
	others.Wait()
	meters.Put(m)
}
