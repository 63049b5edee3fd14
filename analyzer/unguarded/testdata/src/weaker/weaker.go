// Package weaker has accesses for which there is some evidence only. They are shown with -all.
package weaker

import "sync"

type Box struct {
	mu   sync.Mutex
	n    int
	name string
}

func (b *Box) Add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n += n
	b.name = "sum"
}

func (b *Box) Clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n = 0
	b.name = ""
}

func (b *Box) N() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.n
}

// Close comes last, as a rule.
func (b *Box) Close() {
	b.n = -1 // want `write to Box.n without holding Box.mu`
}

// Name is exported; the one call of it here comes from Title.
func (b *Box) Name() string {
	return b.name // want `read of Box.name without holding Box.mu`
}

func (b *Box) Title() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return "box " + b.Name()
}
