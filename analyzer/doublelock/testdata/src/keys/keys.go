// Package keys: locks that a call leaves held on purpose, and what releases them later:
// a transaction that is handed back, or a flag that the object keeps.
package keys

import (
	"errors"
	"sync"
)

type DB struct {
	mu   sync.RWMutex
	rows int
}

type Tx struct{ db *DB }

// Begin leaves the lock held; the transaction has the key.
func (db *DB) Begin() (*Tx, error) {
	db.mu.Lock()
	if db.rows < 0 {
		db.mu.Unlock()
		return nil, errors.New("closed")
	}
	return &Tx{db}, nil
}

type ender interface{ End() }

func (tx *Tx) End() { tx.db.mu.Unlock() }

func (db *DB) TwoOk(finish func(ender)) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	finish(tx)
	tx, err = db.Begin()
	if err != nil {
		return err
	}
	finish(tx)
	return nil
}

// Cursor remembers that Scan kept the lock.
type Cursor struct {
	mu   sync.RWMutex
	kept bool
	pos  int
}

func (c *Cursor) Scan(keep bool) int {
	if c.kept {
		return -1
	}
	c.mu.RLock()
	n := c.pos
	if keep {
		c.kept = true
	} else {
		c.mu.RUnlock()
	}
	return n
}

func (c *Cursor) Close() {
	if c.kept {
		c.kept = false
		c.mu.RUnlock()
	}
	c.mu.Lock()
	c.pos = 0
	c.mu.Unlock()
}

func (c *Cursor) UseOk(keep bool) {
	c.Scan(keep)
	c.Close()
}

// forget has no flag: the lock is forgotten.
func (c *Cursor) forget(keep bool) int {
	c.mu.Lock()
	if keep {
		return c.pos
	}
	c.mu.Unlock()
	return 0
}

func (c *Cursor) ForgetBad(keep bool) {
	c.forget(keep)
	c.mu.Lock() // want `c\.mu can be locked again while this goroutine still holds it from line \d+; this call then never returns \(doublelock\)`
	c.mu.Unlock()
}
