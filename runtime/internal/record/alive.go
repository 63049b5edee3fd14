package record

import (
	"bytes"
	"runtime"
	"sync/atomic"
	"time"
	"unsafe"
)

// Which goroutines are no more. Their descriptors tell: the Go runtime marks the
// descriptor of a goroutine that ended, and gives it another id when it uses it again.
// The mark is the word before the id; as with the id itself, that is tried out at
// start, and if it is not so, the runtime is asked for the stacks of all goroutines,
// which stops the world.

const statusDead = 6 // runtime._Gdead

var canAsk bool // descriptors tell

// tryAsking looks at the descriptor of a goroutine while it runs and after its end.
func tryAsking() bool {
	if idOff < 8 {
		return false
	}
	var g uintptr
	var id uint64
	running, done := make(chan bool), make(chan bool)
	go func() {
		g, id = gaddr(), gword(idOff)
		running <- true
		<-done
	}()
	<-running
	if !askAlive(g, id) || !askAlive(gaddr(), gword(idOff)) {
		return false
	}
	close(done)
	for range 1000 { // it has still to come to its end
		if !askAlive(g, id) {
			return true
		}
		time.Sleep(10 * time.Microsecond)
	}
	return false
}

//go:norace
//go:nocheckptr
func askAlive(g uintptr, id uint64) bool {
	return *(*uint64)(unsafe.Add(nil, g+idOff)) == id &&
		*(*uint32)(unsafe.Add(nil, g+idOff-8)) != statusDead
}

// sweep frees the slots of goroutines that are no more. It returns how many are left, and how many slots
// there are. The caller holds claiming.
//
//go:norace
func sweep() (left, all int) {
	var live map[uint64]bool
	before := atomic.LoadUint64(&newest)
	if !canAsk {
		live = liveIDs()
	}
	for k := range tables {
		t, _ := table(k)
		all += len(t)
	}
	for c := (cursor{}); ; {
		s := c.next()
		if s == nil {
			break
		}
		id := s.ID
		if canAsk && (s.g == 0 || askAlive(s.g, id)) || !canAsk && (live[id] || s.serial > before) {
			left++
			continue
		}
		bury(s)
		s.g = 0
		atomic.StoreUint64(&s.ID, 0)
	}
	atomic.StoreInt64(&survivors, int64(left))
	return left, all
}

// survivors is how many slots the last sweep left.
var survivors int64

// newest numbers slots as they are claimed: those claimed after the runtime was asked
// may belong to goroutines that it did not know.
var newest uint64

// liveIDs returns the ids of all goroutines. It stops the world.
func liveIDs() map[uint64]bool {
	buf := make([]byte, 1<<16)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	ids := make(map[uint64]bool)
	head := []byte("goroutine ")
	for len(buf) > 0 {
		if rest, ok := bytes.CutPrefix(buf, head); ok {
			ids[number(rest)] = true
		}
		i := bytes.Index(buf, []byte("\n\n"))
		if i < 0 {
			break
		}
		buf = buf[i+2:]
	}
	return ids
}
