package declared

import "sync"

// A Tally says of one method that it is for who has the Tally alone.
type Tally struct {
	mu sync.Mutex
	by map[string]int
}

// Add counts one more.
func (t *Tally) Add(name string) {
	t.mu.Lock()
	t.by[name]++
	t.mu.Unlock()
}

// Of returns how many there are.
func (t *Tally) Of(name string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.by[name]
}

// Drop forgets a name.
func (t *Tally) Drop(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.by, name)
}

// Names is for printing, and must not be called
// concurrently with Add.
func (t *Tally) Names() (names []string) {
	for name := range t.by {
		names = append(names, name)
	}
	return names
}

// Size says nothing of the kind; it may be called often.
func (t *Tally) Size() (n int) {
	for _, k := range t.by { // want `read of the content of Tally.by without holding Tally.mu`
		n += k
	}
	return n
}

// A Vault has a lock that is named after what it guards, which some forget.
type Vault struct {
	open    bool
	opened  int
	openMtx sync.Mutex
	keysMtx sync.Mutex
	keys    []int
}

func (v *Vault) Open()      { v.openMtx.Lock(); v.open = true; v.opened++; v.openMtx.Unlock() }
func (v *Vault) Shut()      { v.openMtx.Lock(); v.open = false; v.openMtx.Unlock() }
func (v *Vault) Peek() bool { v.openMtx.Lock(); defer v.openMtx.Unlock(); return v.open }

// Use is one of two that forget it.
func (v *Vault) Use() bool {
	return v.open // want `read of Vault.open without holding Vault.openMtx`
}

func (v *Vault) Also() bool {
	return v.open // want `read of Vault.open without holding Vault.openMtx`
}

func (v *Vault) Times() int { return v.opened }
