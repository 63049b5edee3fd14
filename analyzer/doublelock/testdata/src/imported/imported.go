// Purpose: the other lock is taken in an imported package: global, behind
// methods, in callbacks, in generic types. A lock in an unexported field is named
// through the value all the same (s.mu).

package imported

import "imported/store"

func GlobalBad() {
	store.Mu.Lock()
	defer store.Mu.Unlock()
	store.Bump() // want `calling store\.Bump locks store\.Mu \(store\.go:15\), which is already held from line 10; the call never returns \(doublelock\)`
}

func GlobalOk() {
	store.Mu.Lock()
	store.Count++
	store.Mu.Unlock()
	store.Bump()
}

func MethodsBad(s *store.Store) {
	s.Lock()
	defer s.Unlock()
	s.Put("a") // want `calling \(\*store\.Store\)\.Put locks s\.mu \(store\.go:\d+\), which is already held from line 23; the call never returns \(doublelock\)`
}

func MethodsOk(s *store.Store) {
	s.Lock()
	defer s.Unlock()
	s.PutLocked("a")
}

func MethodsTwoOk(s, t *store.Store) {
	s.Lock()
	defer s.Unlock()
	t.Put("a")
}

func CallbackBad(s *store.Store) {
	s.Each(func(key string) { s.Put(key) }) // want `s\.mu.*\(doublelock\)`
}

func CallbackOk(s *store.Store) {
	for _, key := range s.Keys() {
		s.Put(key)
	}
}

func CallbackOtherOk(s, t *store.Store) {
	s.Each(func(key string) { t.Put(key) })
}

func PauseOk(s *store.Store) {
	s.Lock()
	defer s.Unlock()
	s.PauseLocked()
	s.PutLocked("a")
}

func PauseBad(s *store.Store) {
	s.Lock()
	defer s.Unlock()
	s.PauseLocked()
	s.Put("a") // want `calling \(\*store\.Store\)\.Put locks s\.mu \(store\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func UpgradeBad(s *store.Store) {
	s.Data.RLock()
	defer s.Data.RUnlock()
	s.Refresh() // want `calling \(\*store\.Store\)\.Refresh locks s\.Data \(store\.go:\d+\), which is already (held|read-locked).* line \d+; the call never returns \(doublelock\)`
}

func UpgradeOk(s *store.Store) {
	s.Data.RLock()
	s.Data.RUnlock()
	s.Refresh()
}

func GenericBad(g *store.Guarded[int]) {
	g.Lock()
	defer g.Unlock()
	g.Set(1) // want `calling .*\.Set locks g(\.Mutex)? \(store\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func GenericOk(g *store.Guarded[int]) {
	g.Lock()
	g.Value = 1
	g.Unlock()
	g.Set(2)
}

// An importing type that embeds the imported one.
type cache struct {
	*store.Store
	hits int
}

func newCache() *cache { return &cache{Store: store.New()} }

func EmbeddedBad() {
	c := newCache()
	c.Lock()
	defer c.Unlock()
	c.Put("a") // want `calling .*Put locks (c(\.Store)?|store\.Store)\.mu \(store\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func EmbeddedOk() {
	c := newCache()
	c.Lock()
	c.PutLocked("a")
	c.Unlock()
	c.Put("a")
}
