// Purpose: a lock order that is a deadlock only together with that of an importer.
// The directive here keeps the order out of what importers see, and is used.

package store

import "sync"

var A, B sync.Mutex

func AB() {
	A.Lock()
	defer A.Unlock()
	//lockcheck:ignore lockorder the importer stops everything before it calls
	B.Lock()
	B.Unlock()
}

func CD() {
	C.Lock()
	defer C.Unlock()
	D.Lock()
	D.Unlock()
}

var C, D sync.Mutex
