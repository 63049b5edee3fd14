// Purpose: sync.Once.Do calls its function in place, sync.Map.Range its
// callback for each pair, sync.Pool.Get possibly its New.

package stdcalls

import "sync"

type Plugin struct {
	mu    sync.Mutex
	once  sync.Once
	peers sync.Map
	n     int
}

func NewPlugin() *Plugin {
	p := &Plugin{}
	p.peers.Store("a", 1)
	return p
}

func (p *Plugin) load() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
}

func (p *Plugin) loadLocked() { p.n++ }

func (p *Plugin) OnceBad() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.once.Do(func() { p.load() }) // want `p\.mu.*already held from line \d+.*\(doublelock\)`
}

func (p *Plugin) OnceOk() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.once.Do(func() { p.loadLocked() })
}

func (p *Plugin) OnceMethodBad() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.once.Do(p.load) // want `p\.mu.*already held from line \d+.*\(doublelock\)`
}

func (p *Plugin) OnceMethodOk() {
	p.once.Do(p.load)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
}

// The other way round: the lock is taken inside Do, and again there.
func (p *Plugin) OnceInsideBad() {
	p.once.Do(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.load() // want `calling \(\*Plugin\)\.load locks p\.mu \(once\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
	})
}

func (p *Plugin) OnceInsideOk() {
	p.once.Do(func() {
		p.mu.Lock()
		p.n = 0
		p.mu.Unlock()
		p.load()
	})
}

func (p *Plugin) RangeBad() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.peers.Range(func(key, value any) bool { p.load(); return true }) // want `p\.mu.*already held from line \d+.*\(doublelock\)`
}

func (p *Plugin) RangeOk() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.peers.Range(func(key, value any) bool { p.loadLocked(); return true })
}

func (p *Plugin) RangeUnlockedOk() {
	p.peers.Range(func(key, value any) bool { p.load(); return true })
	p.mu.Lock()
	p.n = 0
	p.mu.Unlock()
}
