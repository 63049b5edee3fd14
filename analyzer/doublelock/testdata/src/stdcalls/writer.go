// Purpose: writers and readers whose methods lock, handed to io and fmt.

package stdcalls

import (
	"fmt"
	"io"
	"sync"
)

type Buffer struct {
	mu   sync.Mutex
	size int
}

func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.size += len(p)
	return len(p), nil
}

func (b *Buffer) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return 0, io.EOF
}

func (b *Buffer) FprintBad() {
	b.mu.Lock()
	defer b.mu.Unlock()
	fmt.Fprintf(b, "size %d", b.size) // want `Write.* (locks|can lock) b\.mu.*already held from line \d+.*\(doublelock\)`
}

func (b *Buffer) FprintOk() {
	b.mu.Lock()
	size := b.size
	b.mu.Unlock()
	fmt.Fprintf(b, "size %d", size)
}

func (b *Buffer) WriteStringBad() {
	b.mu.Lock()
	defer b.mu.Unlock()
	io.WriteString(b, "x") // want `Write.* (locks|can lock) b\.mu.*already held from line \d+.*\(doublelock\)`
}

func (b *Buffer) WriteStringOk(w io.Writer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	io.WriteString(w, "x")
}

func (b *Buffer) ReadAllBad() {
	b.mu.Lock()
	defer b.mu.Unlock()
	io.ReadAll(b) // want `Read.* (locks|can lock) b\.mu.*already held from line \d+.*\(doublelock\)`
}

func (b *Buffer) ReadAllOk() {
	b.mu.Lock()
	b.size = 0
	b.mu.Unlock()
	io.ReadAll(b)
}
