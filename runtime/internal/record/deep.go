package record

import (
	"sync/atomic"
	"unsafe"
)

// Entries beyond those in a slot. They are in an array that the slot keeps when it is
// given to another goroutine; arrays are never freed, so that they can be read by
// others at any time, and double in size.

const maxDeep = 1 << 16 // locks held at once by one goroutine; further ones share the last entry

var (
	deepLock uint32 // a spin lock
	deeps    [][]held
)

// at returns the i-th entry of the list, which may be the one after the last.
//
//go:norace
//go:nocheckptr
func (s *slot) at(i uint64) *held {
	if i < inline {
		return &s.held[i+1]
	}
	i = min(i, maxDeep-1) - inline
	if i >= uint64(s.deepCap) {
		s.deepen()
	}
	return (*held)(unsafe.Add(unsafe.Add(nil, s.deep), uintptr(i)*unsafe.Sizeof(held{})))
}

// chain returns the chain of the list.
//
//go:norace
func (s *slot) chain() uint64 {
	if s.n <= inline {
		return s.held[s.n].chain
	}
	return s.at(s.n - 1).chain
}

// peek is at for those who read the list of another goroutine, which may change
// meanwhile; it returns nil for what is not there.
//
//go:norace
//go:nocheckptr
func (s *slot) peek(i uint64) *held {
	if i < inline {
		return &s.held[i+1]
	}
	i -= inline
	if s.deep == 0 || i >= uint64(s.deepCap) {
		return nil
	}
	return (*held)(unsafe.Add(unsafe.Add(nil, s.deep), uintptr(i)*unsafe.Sizeof(held{})))
}

//go:norace
//go:nocheckptr
func (s *slot) deepen() {
	raceDisable()
	spin(&deepLock)
	n := max(2*s.deepCap, 64)
	a := make([]held, n)
	for i := range s.deepCap {
		a[i] = *(*held)(unsafe.Add(unsafe.Add(nil, s.deep), uintptr(i)*unsafe.Sizeof(held{})))
	}
	deeps = append(deeps, a)
	s.deep = uintptr(unsafe.Pointer(&a[0]))
	s.deepCap = n
	atomic.StoreUint32(&deepLock, 0)
	raceEnable()
}
