// Purpose: the locks are taken by wrappers, which return with them held; also
// locks kept in a map, taken by one function and released by another.

package calls

import "sync"

type Journal struct{ mu sync.Mutex }
type Device struct{ mu sync.Mutex }

func (j *Journal) lock()   { j.mu.Lock() }
func (j *Journal) unlock() { j.mu.Unlock() }
func (d *Device) lock()    { d.mu.Lock() }
func (d *Device) unlock()  { d.mu.Unlock() }

func WriteBad(j *Journal, d *Device) {
	j.lock()
	defer j.unlock()
	d.lock() // want `Device\.mu is locked while Journal\.mu is held, but wrappers\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer d.unlock()
}

func FormatBad(j *Journal, d *Device) {
	d.lock()
	defer d.unlock()
	j.lock()
	defer j.unlock()
}

type Diary struct{ mu sync.Mutex }
type Shelf struct{ mu sync.Mutex }

func (d *Diary) lock()   { d.mu.Lock() }
func (d *Diary) unlock() { d.mu.Unlock() }
func (s *Shelf) lock()   { s.mu.Lock() }
func (s *Shelf) unlock() { s.mu.Unlock() }

func WriteOk(d *Diary, s *Shelf) {
	d.lock()
	d.unlock()
	s.lock()
	s.unlock()
}

func FormatOk(d *Diary, s *Shelf) {
	s.lock()
	defer s.unlock()
	d.lock()
	defer d.unlock()
}

// A lock per key. Lock leaves the key's lock held; Unlock wants the table's lock
// while it still is.
type KeyLocks struct {
	mu    sync.RWMutex
	byKey map[string]*sync.Mutex
}

func (k *KeyLocks) Lock(key string) {
	k.mu.Lock()
	if k.byKey[key] == nil {
		k.byKey[key] = new(sync.Mutex)
	}
	k.byKey[key].Lock() // want `KeyLocks\.byKey\S* is locked while KeyLocks\.mu is held, but wrappers\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	k.mu.Unlock()
}

func (k *KeyLocks) Unlock(key string) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if mu := k.byKey[key]; mu != nil {
		mu.Unlock()
	}
}

func FetchBad(k *KeyLocks, key string) {
	k.Lock(key)
	defer func() { k.Unlock(key) }()
}

type SafeKeyLocks struct {
	mu    sync.RWMutex
	byKey map[string]*sync.Mutex
}

// lock waits for the key's lock without the table's.
func (k *SafeKeyLocks) lock(key string) {
	k.mu.Lock()
	if k.byKey[key] == nil {
		k.byKey[key] = new(sync.Mutex)
	}
	mu := k.byKey[key]
	k.mu.Unlock()
	mu.Lock()
}

func (k *SafeKeyLocks) unlock(key string) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	k.byKey[key].Unlock()
}

func FetchOk(k *SafeKeyLocks, key string) {
	k.lock(key)
	defer func() { k.unlock(key) }()
}
