// Package base declares the locks.
package base

import "sync"

// An Order has a lock.
type Order struct {
	Mu    sync.Mutex
	Items []string
}

// A Stock has a lock.
type Stock struct {
	Mu   sync.Mutex
	Left map[string]int
}

// A Price has a lock.
type Price struct {
	Mu sync.Mutex
	Of map[string]int
}
