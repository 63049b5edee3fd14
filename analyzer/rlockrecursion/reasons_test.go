package rlockrecursion_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/rlockrecursion"
)

// TestReasons tells why a finding is not sure.
func TestReasons(t *testing.T) {
	const src = `package p

import "sync"

type table struct{ mu sync.RWMutex }

func (t *table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return 1
}

func (t *table) Sum() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.Len()
}
`
	const write = "\nfunc (t *table) Set() { t.mu.Lock(); t.mu.Unlock() }\n"
	ssatest.Reasons(t, src+write, rlockrecursion.Check, 100)
	ssatest.Reasons(t, src, rlockrecursion.Check, 30, "nothing in view locks it for writing")
}
