// Purpose: reader and writer modes of one RWMutex in one goroutine: write after
// write, upgrade (read to write) and downgrade (write to read) never return.
// Read after read is another check's business (rlockrecursion).

package direct

import "sync"

type Table struct {
	mu   sync.RWMutex
	rows map[string]int
}

func (t *Table) WriteBad(key string) {
	t.mu.Lock()
	t.mu.Lock() // want `t\.mu is locked again while this goroutine still holds it from line 15; this call never returns \(doublelock\)`
	t.rows = nil
	t.mu.Unlock()
	t.mu.Unlock()
}

// Upgrade: Lock waits for all readers, this goroutine among them.
func (t *Table) UpgradeBad(key string) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	v, ok := t.rows[key]
	if !ok {
		t.mu.Lock() // want `t\.mu is locked .*this goroutine still .*read-lock.* line 24; this call never returns \(doublelock\)`
		t.rows = map[string]int{key: 1}
		t.mu.Unlock()
	}
	return v
}

func (t *Table) UpgradeOk(key string) int {
	t.mu.RLock()
	v, ok := t.rows[key]
	t.mu.RUnlock()
	if !ok {
		t.mu.Lock()
		t.rows = map[string]int{key: 1}
		t.mu.Unlock()
	}
	return v
}

// Downgrade: RLock waits for the writer, which is this goroutine.
func (t *Table) DowngradeBad(key string) int {
	t.mu.Lock()
	t.rows = map[string]int{key: 1}
	t.mu.RLock() // want `t\.mu is read-locked .*this goroutine still holds it .*line 49; this call never returns \(doublelock\)`
	t.mu.Unlock()
	defer t.mu.RUnlock()
	return t.rows[key]
}

func (t *Table) DowngradeOk(key string) int {
	t.mu.Lock()
	t.rows = map[string]int{key: 1}
	t.mu.Unlock()
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows[key]
}

// Not for this check: it hangs only if a writer comes in between.
func (t *Table) ReadTwiceOk(key string) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows[key]
}

func (t *Table) store(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = map[string]int{key: 1}
}

func (t *Table) load(key string) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows[key]
}

func (t *Table) UpgradeCallBad(key string) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.rows[key] == 0 {
		t.store(key) // want `calling \(\*Table\)\.store locks t\.mu \(rwmutex\.go:76\), which is already (held|read-locked).* line 88; the call never returns \(doublelock\)`
	}
}

func (t *Table) UpgradeCallOk(key string) {
	t.mu.RLock()
	missing := t.rows[key] == 0
	t.mu.RUnlock()
	if missing {
		t.store(key)
	}
}

func (t *Table) DowngradeCallBad(key string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.load(key) // want `calling \(\*Table\)\.load read-locks t\.mu \(rwmutex\.go:82\), which is already held from line 105; the call never returns \(doublelock\)`
}

func (t *Table) DowngradeCallOk(key string) int {
	t.mu.Lock()
	t.rows = nil
	t.mu.Unlock()
	return t.load(key)
}
