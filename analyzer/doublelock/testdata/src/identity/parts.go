package identity

import "sync"

// A baton carries a lock that whoever has it gives back.
type baton struct{ mu *sync.Mutex }

func carry(mu *sync.Mutex) baton { return baton{mu: mu} }

func (b *baton) pass() { b.mu.Unlock() }

func (b baton) drop() { b.mu.Unlock() }

// relayed locks what the goroutine before gives back.
func relayed(steps []func(*baton)) {
	var mu sync.Mutex
	mu.Lock()
	for _, step := range steps {
		go func() {
			b := carry(&mu)
			defer b.pass()
			step(&b)
		}()
		mu.Lock()
	}
	mu.Unlock()
}

// dropped is the same with a struct that stays a value.
func dropped(n int) {
	var mu sync.Mutex
	mu.Lock()
	for range n {
		go func() { carry(&mu).drop() }()
		mu.Lock()
	}
	mu.Unlock()
}

// misled locks what nobody gives back: the baton carries another lock.
func misled(n int) {
	var mu, other sync.Mutex
	mu.Lock()
	for range n {
		other.Lock()
		go func() {
			b := carry(&other)
			b.pass()
		}()
		mu.Lock() // want `mu is locked again while this goroutine still holds it`
	}
	mu.Unlock()
}

// exchanged overwrites the struct: what it carries is not known.
func exchanged(other baton) {
	var mu sync.Mutex
	b := carry(&mu)
	b = other
	use(&b)
	mu.Lock()
	b.mu.Lock()
	b.pass()
	mu.Unlock()
}

func use(*baton) {}
