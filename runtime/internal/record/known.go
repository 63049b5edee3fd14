package record

import (
	"math/bits"
	"sync/atomic"
)

// The table of known acquisitions. A key sums up the chain of what was held, the class
// and mode of what was acquired, and the call site; 64 bits are taken to be enough
// to tell them apart. The word beside it says who made the acquisition: the tag of
// the goroutine that did last, or that all are taken to have.
//
// Entries are written under a lock and read by plain loads at any time. A
// reader that sees half of a new entry, or an old table, does not find what it looks for
// and asks the engine, which does.

type entry struct {
	key uint64
	who uint64
}

// Values of who that are no tags.
const (
	everyone  = 1<<64 - 1
	instances = 1<<64 - 2 // everyone, but the order of instances is to be looked at
)

const (
	knownBits = 16
	knownMost = 1 << 20 // entries; see dropped
	probes    = 8
)

var (
	known     [1<<knownBits + probes]entry
	knownMore atomic.Pointer[[]entry] // for those that find no place
	learning  uint32                  // a spin lock, for who writes
	moreUsed  int
	dropped   uint64 // acquisitions that could not be remembered
)

// epochBits are the low bits of a tag. They change when the goroutine starts another or
// waits for one, so that what it does before and after can be told apart.
const epochBits = 16

// next is the chain after an acquisition.
func next(chain uint64, class, mode uint32) uint64 {
	return (bits.RotateLeft64(chain, 23) + uint64(class)<<3 + uint64(mode) + 1) * golden
}

// keyOf is the key of an acquisition, by the chain after it and the call site.
func keyOf(next uint64, pc uintptr) uint64 {
	k := (next ^ uint64(pc)) * 0xD6E8FEB86659FD93
	return k ^ k>>32
}

// lookFor returns the entry with a key, or nil.
//
//go:norace
func lookFor(key uint64) *entry {
	h := key >> (64 - knownBits)
	for i := h; i < h+probes; i++ {
		if e := &known[i]; e.key == key {
			return e
		}
	}
	raceDisable()
	p := knownMore.Load()
	raceEnable()
	if p == nil {
		return nil
	}
	t := *p
	h = key & uint64(len(t)-1)
	for {
		switch t[h].key {
		case key:
			return &t[h]
		case 0:
			return nil
		}
		h = (h + 1) & uint64(len(t)-1)
	}
}

// learn sets who made the acquisition with a key. The caller holds learning.
//
//go:norace
func learn(key, who uint64) {
	if e := lookFor(key); e != nil {
		e.who = who
		return
	}
	h := key >> (64 - knownBits)
	for i := h; i < h+probes; i++ {
		if e := &known[i]; e.key == 0 {
			e.who = who
			e.key = key
			return
		}
	}
	var t []entry
	if p := knownMore.Load(); p != nil {
		t = *p
	}
	if 2*(moreUsed+1) > len(t) {
		if len(t) >= 2*knownMost {
			dropped++
			return
		}
		bigger := make([]entry, max(2*len(t), 1<<knownBits))
		for _, e := range t {
			if e.key != 0 {
				place(bigger, e)
			}
		}
		t = bigger
		knownMore.Store(&t)
	}
	place(t, entry{key, who})
	moreUsed++
}

//go:norace
func place(t []entry, e entry) {
	mask := uint64(len(t) - 1)
	for i := e.key & mask; ; i++ {
		if p := &t[i&mask]; p.key == 0 {
			p.who = e.who
			p.key = e.key
			return
		}
	}
}
