// Package begin has a lock that is held from Begin to Commit or Rollback.
package begin

import (
	"errors"
	"sync"
)

var errFailed = errors.New("failed")

type Store struct {
	mu   sync.Mutex
	n    int
	open *Batch
}

type Batch struct {
	of   *Store
	done bool
}

func (s *Store) Begin() *Batch {
	s.mu.Lock()
	return &Batch{of: s}
}

func (s *Store) Try(n int) (*Batch, error) {
	s.mu.Lock()
	if s.n < n {
		s.mu.Unlock()
		return nil, errFailed
	}
	return &Batch{of: s}, nil
}

// Kept keeps the batch for others to end.
func (s *Store) Kept() *Batch {
	s.mu.Lock()
	b := &Batch{of: s}
	s.open = b
	return b
}

func (b *Batch) Commit() {
	b.of.n++
	b.of.mu.Unlock()
}

func (b *Batch) Rollback() { b.of.mu.Unlock() }

func Lost(s *Store, f func() error) error {
	b := s.Begin()
	if err := f(); err != nil {
		return err // want `this return leaves s\.mu locked since line \d+`
	}
	b.Commit()
	return nil
}

func LostAfterTry(s *Store, f func() bool) error {
	b, err := s.Try(3)
	if err != nil {
		return err
	}
	if !f() {
		return errFailed // want `this return leaves s\.mu locked since line \d+`
	}
	b.Rollback()
	return nil
}

func Ended(s *Store, f func() error) error {
	b := s.Begin()
	if err := f(); err != nil {
		b.Rollback()
		return err
	}
	b.Commit()
	return nil
}

func Deferred(s *Store, f func() error) (err error) {
	b := s.Begin()
	defer func() {
		if err != nil {
			b.Rollback()
		}
	}()
	if err := f(); err != nil {
		return err
	}
	b.Commit()
	return nil
}

func Returned(s *Store, f func() error) (*Batch, error) {
	b := s.Begin()
	if err := f(); err != nil {
		b.Rollback()
		return nil, err
	}
	return b, nil
}

func Elsewhere(s *Store, f func() error) error {
	b := s.Begin()
	if err := f(); err != nil {
		return end(b, err)
	}
	b.Commit()
	return nil
}

func end(b *Batch, err error) error {
	b.Rollback()
	return err
}

func Given(s *Store, f func() error, to chan<- *Batch) error {
	b := s.Begin()
	if err := f(); err != nil {
		to <- b
		return err
	}
	b.Commit()
	return nil
}

func Started(s *Store, f func() error) error {
	b := s.Begin()
	if err := f(); err != nil {
		go b.Rollback()
		return err
	}
	b.Commit()
	return nil
}

func Stored(s *Store, f func() error) error {
	b := s.Kept()
	if err := f(); err != nil {
		return err
	}
	b.Commit()
	return nil
}

type job struct{ b *Batch }

func (j *job) run(s *Store, f func() error) error {
	b := s.Begin()
	j.b = b
	if err := f(); err != nil {
		return err
	}
	b.Commit()
	return nil
}

// A func is what unlocks.
func (s *Store) lock() (unlock func()) {
	s.mu.Lock()
	return s.mu.Unlock
}

func (s *Store) tryLock() (unlock func(), err error) {
	s.mu.Lock()
	if s.n > 3 {
		s.mu.Unlock()
		return nil, errFailed
	}
	return func() { s.mu.Unlock() }, nil
}

func LostFunc(s *Store, f func() error) error {
	unlock := s.lock()
	if err := f(); err != nil {
		return err // want `this return leaves s\.mu locked since line \d+`
	}
	unlock()
	return nil
}

func LostTry(s *Store, f func() error) error {
	unlock, err := s.tryLock()
	if err != nil {
		return err
	}
	if err := f(); err != nil {
		return err // want `this return leaves s\.mu locked since line \d+`
	}
	unlock()
	return nil
}

func EndedFunc(s *Store, f func() error) error {
	unlock, err := s.tryLock()
	if err != nil {
		return err
	}
	defer unlock()
	return f()
}
