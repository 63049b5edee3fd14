// Package outside uses a package that is not to be found.
package outside

import (
	"sync"

	"example.org/foreign"
)

type Ledger struct {
	ext *foreign.Thing
}

type shard struct{ mu sync.Mutex }

type Derived struct {
	foreign.Base
	mu sync.Mutex
}

func (l *Ledger) Foreign(t *foreign.Thing) {
	foreign.Mu.Lock()                     // name: example.org/foreign.Mu var ?
	t.Mu.Lock()                           // name: example.org/foreign.Thing.Mu field ?
	l.ext.Mu.Lock()                       // name: example.org/foreign.Thing.Mu field ?
	t.Lock()                              // name: example.org/foreign.Thing.Mutex embedded ?
	l.ext.RLock()                         // name: example.org/foreign.Thing.RWMutex embedded ?
	foreign.Pool.Get().(*shard).mu.Lock() // name: example.com/m/outside.shard.mu field
	w := foreign.Pool.Get().(*shard)
	w.mu.Lock() // name: example.com/m/outside.shard.mu field
}

func (l *Ledger) Wait(wg *foreign.Group) {
	wg.Wait() // name: outside.(*Ledger).Wait@outside.go:LINE unknown ?
}

func (d *Derived) Both() {
	d.mu.Lock() // name: example.com/m/outside.Derived.mu field
	d.Lock()    // name: example.org/foreign.Base.Mutex embedded ?
}

func Closures(t *foreign.Test) {
	x, err := foreign.Open()
	t.Run("name", func(t *foreign.Test) {
		var mu sync.Mutex
		mu.Lock() // name: example.com/m/outside.Closures@mu local
		x.Each(func(s *shard) {
			s.mu.Lock() // name: example.com/m/outside.shard.mu field
		})
	})
	x.Lock() // name: example.com/m/outside.Closures@x param ?
	_ = err
}
