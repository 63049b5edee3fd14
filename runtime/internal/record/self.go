package record

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
)

// Who runs, and where. The Go runtime tells a program neither its goroutine's id
// nor, for less than 100 ns, who called it. Both are one load away in assembly: the id
// in the goroutine's descriptor, the caller by frame pointer.
//
// Where in the descriptor the id is, differs between releases of Go. It is found
// out rather than known: at start, goroutines whose ids the runtime prints look for
// them in their descriptors, and the place at which all find theirs is right. If there
// is none, or if addresses by frame pointer and by the runtime differ,
// the slow ways are taken for good: some microseconds for each operation.

var (
	idOff     uintptr // place of the goroutine's id in its descriptor
	parentOff uintptr // and of the id of the goroutine that started it; 0 if not found
	slow      bool    // both are of no use
)

// whoSlow returns what self does.
//
//go:norace
//go:noinline
func whoSlow() (id uint64, pc uintptr) {
	var pcs [1]uintptr
	// Callers, whoSlow, the function of this package, Lock.
	runtime.Callers(4, pcs[:])
	return idSlow(), pcs[0]
}

// idSlow returns the id of the goroutine that runs, as the runtime prints it.
//
//go:norace
func idSlow() uint64 {
	id, _ := idsSlow(nil)
	return id
}

// idsSlow returns the ids of the goroutine that runs and, if buf is large enough for
// its stack, of the one that started it.
//
//go:norace
func idsSlow(buf []byte) (id, parent uint64) {
	var small [64]byte
	if buf == nil {
		buf = small[:]
	}
	text := buf[:runtime.Stack(buf, false)]
	text, _ = bytes.CutPrefix(text, []byte("goroutine "))
	id = number(text)
	if i := bytes.LastIndex(text, []byte(" in goroutine ")); i >= 0 {
		parent = number(text[i+len(" in goroutine "):])
	}
	return id, parent
}

func number(text []byte) uint64 {
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	v, _ := strconv.ParseUint(string(text[:n]), 10, 64)
	return v
}

// IDOffset returns the place of a goroutine's id in its descriptor, or 0 if fast ways are of no
// use.
func IDOffset() uintptr {
	if slow {
		return 0
	}
	return idOff
}

const maxDescriptor = 320 // bytes of it that are searched; it has more

func init() {
	slow = !canSelf || !findOffsets() || !rightCaller()
	canAsk = !slow && tryAsking()
}

// findOffsets finds the two ids in goroutines which know them.
func findOffsets() bool {
	ids, parents := candidates(), candidates()
	look := func() {
		buf := make([]byte, 4096)
		id, parent := idsSlow(buf)
		keep(ids, id)
		if parent != 0 {
			keep(parents, parent)
		}
	}
	var once func(deep int)
	once = func(deep int) { // each goroutine starts the next
		look()
		if deep > 0 {
			var wg sync.WaitGroup
			wg.Add(1)
			go func() { defer wg.Done(); once(deep - 1) }()
			wg.Wait()
		}
	}
	once(5)
	idOff = only(ids)
	parentOff = only(parents)
	return idOff != 0
}

func candidates() map[uintptr]bool {
	m := make(map[uintptr]bool)
	for off := uintptr(0); off < maxDescriptor; off += 8 {
		m[off] = true
	}
	return m
}

// keep deletes from m the places at which there is not value.
func keep(m map[uintptr]bool, value uint64) {
	for off := range m {
		if gword(off) != value {
			delete(m, off)
		}
	}
}

func only(m map[uintptr]bool) uintptr {
	if len(m) == 1 {
		for off := range m {
			return off
		}
	}
	return 0
}

// rightCaller compares the caller by frame pointer with what the runtime says.
func rightCaller() bool {
	for range 3 {
		fast, right := standIn()
		if fast != right {
			return false
		}
	}
	return true
}

// standIn stands where Lock does.
//
//go:noinline
func standIn() (fast, right uintptr) { return standInside() }

//go:noinline
func standInside() (fast, right uintptr) {
	_, pc := self()
	var pcs [1]uintptr
	runtime.Callers(3, pcs[:])
	return pc, pcs[0]
}
