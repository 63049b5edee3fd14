// Package other copies what a read lock guards into an object that is somebody else's.
package other

import "sync"

type Config struct {
	mu    sync.RWMutex
	names []string
	users []string
}

type Server struct {
	conf *Config
}

func (s *Server) Add(n string) {
	s.conf.mu.Lock()
	defer s.conf.mu.Unlock()
	s.conf.names = append(s.conf.names, n)
	s.conf.users = append(s.conf.users, n)
}

func (s *Server) Len() int {
	s.conf.mu.RLock()
	defer s.conf.mu.RUnlock()
	return len(s.conf.names) + len(s.conf.users)
}

// Write copies to a configuration of the caller.
func (s *Server) Write(c *Config) {
	s.conf.mu.RLock()
	defer s.conf.mu.RUnlock()
	c.names = append([]string(nil), s.conf.names...)
	c.users = append([]string(nil), s.conf.users...)
}

// Reset writes to its own.
func (s *Server) Reset() {
	s.conf.mu.RLock()
	defer s.conf.mu.RUnlock()
	s.conf.names = nil // want `write to Config\.names while Config\.mu is only read-locked: other readers run at the same time`
}

func (c *Config) clear() {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.users = nil // want `write to Config\.users while Config\.mu is only read-locked: other readers run at the same time`
}

func (s *Server) Clear() { s.conf.clear() }

func (s *Server) First(i int) (string, string) {
	s.conf.mu.RLock()
	defer s.conf.mu.RUnlock()
	return s.conf.names[i], s.conf.users[i]
}

func (s *Server) Last(i int) (string, string) {
	s.conf.mu.RLock()
	defer s.conf.mu.RUnlock()
	return s.conf.names[i], s.conf.users[i]
}

func (s *Server) Has(i int) (string, string) {
	s.conf.mu.RLock()
	defer s.conf.mu.RUnlock()
	return s.conf.names[i], s.conf.users[i]
}

func (s *Server) Join(i int) (string, string) {
	s.conf.mu.RLock()
	defer s.conf.mu.RUnlock()
	return s.conf.names[i], s.conf.users[i]
}

func (s *Server) Set(names []string) {
	s.conf.mu.Lock()
	s.conf.names = names
	s.conf.users = names
	s.conf.mu.Unlock()
}
