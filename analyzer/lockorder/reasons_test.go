package lockorder_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/lockorder"
)

// TestReasons has two orders, of which one may never happen.
func TestReasons(t *testing.T) {
	const src = `package p

import "sync"

type T struct{ a, b sync.Mutex }

type G struct{ mu sync.Mutex }

func (t *T) ab() {
	t.a.Lock()
	t.b.Lock()
	t.b.Unlock()
	t.a.Unlock()
}

func (t *T) ba() {
	t.b.Lock()
	t.a.Lock()
	t.a.Unlock()
	t.b.Unlock()
}
`
	const gated = `
func one(g *G, t *T) {
	g.mu.Lock()
	t.ab()
	g.mu.Unlock()
}

func two(g *G, t *T) {
	g.mu.Lock()
	t.ba()
	g.mu.Unlock()
}
`
	ssatest.Reasons(t, src, lockorder.Check, 100)
	ssatest.Reasons(t, src+gated, lockorder.Check, 30, "a lock of one class is held on both sides: if it is always the same, there is no deadlock")
}
