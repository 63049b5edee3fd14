// Purpose: error values whose Error locks, formatted or asked under the lock.

package stdcalls

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

type Failure struct {
	mu    sync.Mutex
	cause string
	tries int
}

func (f *Failure) Error() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cause
}

func (f *Failure) WrapBad() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fmt.Errorf("try %d: %w", f.tries, f) // want `Error.* locks f\.mu.*already held from line \d+.*\(doublelock\)`
}

func (f *Failure) WrapOk() error {
	f.mu.Lock()
	tries := f.tries
	f.mu.Unlock()
	return fmt.Errorf("try %d: %w", tries, f)
}

func (f *Failure) PrintBad() {
	f.mu.Lock()
	defer f.mu.Unlock()
	fmt.Fprintln(io.Discard, f) // want `Error.* locks f\.mu.*already held from line \d+.*\(doublelock\)`
}

func (f *Failure) NewBad() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.New(f.Error()) // want `calling \(\*Failure\)\.Error locks f\.mu \(errors\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (f *Failure) NewOk() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.New(f.cause)
}

func (f *Failure) InterfaceBad() string {
	var err error = f
	f.mu.Lock()
	defer f.mu.Unlock()
	return err.Error() // want `calling .*Error locks f\.mu .*already held from line \d+; the call never returns \(doublelock\)`
}

// errors.Is compares, it does not call Error.
func (f *Failure) IsOk(target error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Is(f, target)
}

// Of a type with both methods, formatting calls Error only.
type Both struct {
	mu sync.Mutex
	n  int
}

func (b *Both) Error() string { return "both" }

func (b *Both) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return fmt.Sprint(b.n)
}

func (b *Both) FormatOk() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return fmt.Sprintf("%v", b)
}

// Unwrap is called by errors.Is and errors.As.
type Chain struct {
	mu    sync.Mutex
	inner error
}

func (c *Chain) Error() string { return "chain" }

func (c *Chain) Unwrap() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.inner
}

func (c *Chain) IsMissed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	// not found: package errors is not in the model
	return errors.Is(c, io.EOF)
}

func (c *Chain) IsOk() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Is(c.inner, io.EOF)
}
