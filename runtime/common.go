package lockcheck

import "sync"

// These types are those of package sync in any case.
type (
	// A Locker can be locked and unlocked.
	Locker = sync.Locker
	// A Map is not watched: what locks it has are its own.
	Map = sync.Map
	// A Pool is not watched: it does not block.
	Pool = sync.Pool
)
