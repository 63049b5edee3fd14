package dump

import "strings"

// guessWait returns what a goroutine waits for, according to its state and its
// innermost frames, if it is a thing of package sync. A frame such as
//
//	internal/sync.(*Mutex).lockSlow(0xc00001a070)
//
// has the address of the lock, unless its receiver is marked as unsure or the call was
// inlined; in optimized programs that is so for RWMutex. Then the receiver of the method
// that called it often tells at least which object the lock is in.
func (g *Goroutine) guessWait() *Wait {
	w := new(Wait)
	switch g.baseState() {
	case "sync.Mutex.Lock":
		w.Lock.Kind, w.Mode = "Mutex", "write"
	case "sync.RWMutex.Lock":
		w.Lock.Kind, w.Mode = "RWMutex", "write"
	case "sync.RWMutex.RLock":
		w.Lock.Kind, w.Mode = "RWMutex", "read"
	case "sync.WaitGroup.Wait":
		w.Lock.Kind = "WaitGroup"
	case "sync.Cond.Wait":
		w.Lock.Kind = "Cond"
	case "semacquire": // all of them, before Go 1.20
	default:
		return nil
	}
	n := g.inner()
	cond := w.Lock.Kind == "Cond"
	var sema uint64
	for i, f := range g.Frames[:n] {
		if f.Func == "runtime.semacquire1" { // with GOTRACEBACK=system
			sema = f.receiver()
		}
		if f.Func == "sync.runtime_notifyListWait" && f.receiver() != 0 {
			w.set("Cond", "", f.receiver()-notifyList(f.receiver()))
		}
		typ, name, ok := f.method()
		if !ok {
			continue
		}
		if !cond && i > 0 && typ == "sync.Cond" {
			break // it locks again what it had unlocked
		}
		addr := f.receiver()
		switch typ {
		case "sync.Mutex", "internal/sync.Mutex":
			w.set("Mutex", "write", addr)
		case "sync.RWMutex":
			mode := "write"
			if strings.HasPrefix(name, "RLock") {
				mode = "read"
			}
			// The mutex in it, on which writers queue, is its first field.
			w.set("RWMutex", mode, addr)
		case "sync.Once":
			if w.Lock.Kind == "Mutex" && w.Lock.Addr != 0 {
				w.Lock.Addr -= onceMutex
			}
			w.set("Once", "write", addr)
		case "sync.WaitGroup":
			w.set("WaitGroup", "", addr)
		case "sync.Cond":
			w.set("Cond", "", addr)
		case shim + ".RWMutex", shim + ".Mutex":
			// The wrapper's address stands in only if that of what it wraps is not known.
			if w.Lock.Addr == 0 {
				w.Lock.Addr = addr
			}
		case shim + ".Cond":
			if addr != 0 {
				w.Lock.Addr = addr // that of the program's own object
			}
		}
		if w.Lock.Kind == "Once" {
			break // around it is the function that it runs, if any
		}
	}
	if w.Lock.Kind == "" {
		return nil
	}
	if w.Lock.Addr == 0 && sema != 0 {
		w.Lock.Addr = sema - semaphore[w.Lock.Kind+w.Mode]
	}
	w.At = g.at()
	w.around(w.At)
	if i := g.bare(); w.Lock.Around == "" && w.isLock() && i < n {
		w.around(g.Frames[i]) // at least the type that wraps the lock
	}
	return w
}

// notifyList returns the offset of the list of waiting goroutines in a sync.Cond at about that address:
// before it, there is an interface.
func notifyList(addr uint64) uint64 {
	if addr < 1<<32 {
		return 8
	}
	return 16
}

// onceMutex is the offset of the mutex in a sync.Once.
const onceMutex = 4

// semaphore has the offsets of the semaphores on which goroutines wait.
var semaphore = map[string]uint64{
	"Mutexwrite":   4,
	"RWMutexwrite": 8,
	"RWMutexread":  12,
	"Oncewrite":    8,
	"WaitGroup":    8,
}

// set refines the wait by a frame further out.
func (w *Wait) set(kind, mode string, addr uint64) {
	w.Lock.Kind, w.Mode = kind, mode
	if w.Lock.Addr == 0 {
		w.Lock.Addr = addr
	}
}

// near is how far from the beginning of an object one of its locks is taken to be.
const near = 4 << 10

// around sets the object that the lock is in: the receiver of the method that waits.
func (w *Wait) around(at Frame) {
	typ, _, ok := at.method()
	r := at.receiver()
	if ok && r != 0 && (w.Lock.Addr == 0 || r <= w.Lock.Addr && w.Lock.Addr-r < near) {
		w.Lock.Around, w.Lock.AroundAddr = typ, r
	}
}

// holdOnce adds what only the stack knows, but knows for sure: a goroutine that runs the
// function of a Once holds it.
func (a *analysis) holdOnce(g *Goroutine) {
	waits := true // up to the first frame of the program
	for i, f := range g.Frames {
		if !f.isPlumbing() {
			waits = false
		}
		if waits || f.Func != "sync.(*Once).doSlow" || f.receiver() == 0 {
			continue
		}
		l := Lock{Kind: "Once", Addr: f.receiver()}
		h := Hold{Lock: l, Mode: "write"}
		for _, caller := range g.Frames[i:] {
			if !caller.isPlumbing() {
				h.At = caller
				break
			}
		}
		known := false
		for _, x := range g.Holds {
			known = known || x.Lock.Addr == l.Addr
		}
		if !known {
			g.Holds = append(g.Holds, h)
		}
	}
}
