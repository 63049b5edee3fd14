package decide

import (
	"hash/maphash"
	"slices"
	"unsafe"
)

// Stacks are kept for every run, and most are the same: pairs of instances are acquired in a loop. So each is kept
// once.

type stack struct{ pcs, depths []uintptr }

const maxStacks = 1 << 14

var seed = maphash.MakeSeed()

// intern returns copies of the two that are shared.
func (e *Engine) intern(pcs, depths []uintptr) ([]uintptr, []uintptr) {
	if len(pcs) == 0 {
		return nil, nil
	}
	h := maphash.Bytes(seed, unsafe.Slice((*byte)(unsafe.Pointer(&pcs[0])), len(pcs)*int(unsafe.Sizeof(pcs[0]))))
	if s, ok := e.stacks[h]; ok && slices.Equal(s.pcs, pcs) && slices.Equal(s.depths, depths) {
		return s.pcs, s.depths
	}
	if len(e.stacks) >= maxStacks {
		clear(e.stacks)
	}
	s := stack{slices.Clone(pcs), slices.Clone(depths)}
	e.stacks[h] = s
	return s.pcs, s.depths
}
