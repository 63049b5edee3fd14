package record

import (
	"sync/atomic"
	"time"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/tell"
)

// Names from the source make one class of what no lock has in common: locks of one field that
// are locked here in some objects and there in others. Reading source takes long, so it is done on
// the side, for the classes that are in chains.

var (
	naming = &errand{step: name, left: toBeNamed}
	wanted uint32 // 1 if naming is to be done
	toName int64  // requests that are not done yet
)

func init() { pass(&naming.mu) }

// named has classes named that are to be.
//
//go:norace
func named() {
	raceDisable()
	atomic.AddInt64(&toName, 1)
	raceEnable()
	if !patient {
		wakeNaming()
	}
}

//go:norace
func wakeNaming() {
	raceDisable()
	atomic.StoreUint32(&wanted, 1)
	raceEnable()
	naming.start()
}

func toBeNamed() bool { return atomic.LoadUint32(&wanted) != 0 }

// name names classes until there are no more.
func name() bool {
	if atomic.SwapUint32(&wanted, 0) == 0 {
		return false
	}
	asked := atomic.LoadInt64(&toName)
	var classes []uint32
	enterOpenly(func() []*decide.Finding { classes = decide.ToName(); return nil })
	for i, sites := range Sites(classes) {
		c := classes[i]
		if n, ok := tell.Name(sites); ok {
			deliver(enterOpenly(func() []*decide.Finding { return decide.Named(c, n) }))
		}
	}
	atomic.AddInt64(&toName, -asked)
	return true
}

// Settle waits until all that was seen is judged.
func Settle() {
	for atomic.LoadInt64(&toName) > 0 {
		wakeNaming()
		time.Sleep(time.Millisecond)
	}
}
