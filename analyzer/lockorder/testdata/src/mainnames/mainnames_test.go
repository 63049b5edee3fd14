package main

import (
	"sync"
	"testing"
)

var eastMu, westMu sync.Mutex

func TestEast(t *testing.T) {
	t.Parallel()
	eastMu.Lock()
	westMu.Lock() // want `westMu is locked while eastMu is held, but mainnames_test\.go:\d+ locks them in the other order`
	visits++
	westMu.Unlock()
	eastMu.Unlock()
}

func TestWest(t *testing.T) {
	t.Parallel()
	westMu.Lock()
	eastMu.Lock()
	visits++
	eastMu.Unlock()
	westMu.Unlock()
}
