package record

import (
	"sync/atomic"
	"unsafe"
)

// Entries beyond those in a Slot. They are in an array that the Slot keeps when it is
// given to another goroutine; arrays are never freed, so that they can be read by
// others at any time, and double in size.

const maxDeep = 1 << 16 // locks held at once by one goroutine; further ones share the last entry

var (
	deepLock uint32 // a spin lock
	deeps    [][]Entry
)

// at returns the i-th entry of the list, which may be the one after the last.
//
//go:norace
//go:nocheckptr
func (s *Slot) at(i uint64) *Entry {
	if i < Inline {
		return &s.Held[i+1]
	}
	i = min(i, maxDeep-1) - Inline
	if i >= uint64(s.deepCap) {
		s.deepen()
	}
	return (*Entry)(unsafe.Add(unsafe.Add(nil, s.deep), uintptr(i)*unsafe.Sizeof(Entry{})))
}

// chain returns the chain of the list.
//
//go:norace
func (s *Slot) chain() uint64 {
	if s.N <= Inline {
		return s.Held[s.N].Chain
	}
	return s.at(s.N - 1).Chain
}

// peek is at for those who read the list of another goroutine, which may change
// meanwhile; it returns nil for what is not there.
//
//go:norace
//go:nocheckptr
func (s *Slot) peek(i uint64) *Entry {
	if i < Inline {
		return &s.Held[i+1]
	}
	i -= Inline
	if s.deep == 0 || i >= uint64(s.deepCap) {
		return nil
	}
	return (*Entry)(unsafe.Add(unsafe.Add(nil, s.deep), uintptr(i)*unsafe.Sizeof(Entry{})))
}

//go:norace
//go:nocheckptr
func (s *Slot) deepen() {
	raceDisable()
	spin(&deepLock)
	n := max(2*s.deepCap, 64)
	a := make([]Entry, n)
	for i := range s.deepCap {
		a[i] = *(*Entry)(unsafe.Add(unsafe.Add(nil, s.deep), uintptr(i)*unsafe.Sizeof(Entry{})))
	}
	deeps = append(deeps, a)
	s.deep = uintptr(unsafe.Pointer(&a[0]))
	s.deepCap = n
	atomic.StoreUint32(&deepLock, 0)
	raceEnable()
}
