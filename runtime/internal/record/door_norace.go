//go:build !race

package record

import (
	"sync"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/tell"
)

func raceDisable() {}
func raceEnable()  {}

const patient = false // see door_race.go

var engine sync.Mutex

// A ticket is for what is to be reported.
type ticket []*decide.Finding

// enter runs f as the only one that works on package decide.
func enter(f func() []*decide.Finding) ticket {
	engine.Lock()
	defer engine.Unlock()
	return f()
}

// enterOpenly is enter for goroutines that share memory with do.
func enterOpenly(do func() []*decide.Finding) ticket { return enter(do) }

// deliver prints reports, and returns when they are printed.
func deliver(t ticket) {
	for _, r := range t {
		tell.Tell(r)
	}
	if len(t) > 0 {
		OnDelivered()
	}
}
