// Package once has package variables that get their value once.
package once

import (
	"os"
	"sync"
)

type Config struct {
	name string
	next *Config
}

// The lock goes, and its paragraph.

var mu sync.Mutex

// config is read by everybody.
var config *Config // the only one

func load() *Config {
	c := &Config{}
	c.name = os.Getenv("NAME")
	return c
}

// Get makes it.
func Get() *Config { // want +1 `read of config without holding mu, before it is read again`
	if config == nil {
		mu.Lock()
		defer mu.Unlock()
		if config == nil {
			config = load()
		}
	}
	return config
}

var (
	tableMu sync.RWMutex

	table map[string]int = nil
	other int
)

// Table returns early, and unlocks at once.
func Table() map[string]int { // want +1 `read of table without holding tableMu, before it is read again`
	if table != nil {
		return table
	}
	tableMu.Lock()
	if nil != table {
		tableMu.Unlock()
		return table
	}
	table = map[string]int{
		"one": 1,
		"two": 2,
	}
	tableMu.Unlock()
	return table
}

var rootMu sync.Mutex
var root error

type Error struct{ text string }

func (e *Error) Error() string { return e.text }

func newError(text string) *Error {
	if text == "" {
		return &Error{"nothing"}
	}
	return &Error{text}
}

// Root has an interface, and returns early within the lock only.
func Root() error { // want +1 `read of root without holding rootMu, before it is read again`
	if root == nil {
		rootMu.Lock()
		defer rootMu.Unlock()
		if root != nil {
			return root
		}
		root = newError("root")
	}
	return root
}

type Server struct{ name string }

var (
	queueMu sync.Mutex
	queue   *[]int
)

// Queue has a receiver that it does not need.
func (s *Server) Queue() *[]int { // want +1 `read of queue without holding queueMu, before it is read again`
	if queue != nil {
		return queue
	}
	queueMu.Lock()
	defer queueMu.Unlock()
	if queue == nil {
		queue = &[]int{other}
	}
	return queue
}

type holder struct {
	mu    sync.Mutex // another one
	table int
}

func (h *holder) add() {
	h.mu.Lock()
	h.table++
	h.mu.Unlock()
}
