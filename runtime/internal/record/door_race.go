//go:build race

package record

import (
	"runtime"
	"sync"
	"time"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/tell"
)

// With the race detector, the engine works in goroutines of its own. A lock around it
// would put all that the program's goroutines do before it in order with what others
// do after it, and hide the program's races; without one, the detector would report
// the engine. The program's goroutines hand over their work and wait, both
// unseen by the detector. The channels on which they wait are made at start: one that is made in a bubble
// of testing/synctest cannot be used outside of it.

func raceDisable() { runtime.RaceDisable() }
func raceEnable()  { runtime.RaceEnable() }

// patient says that names are looked for only when somebody waits for that: reading source makes the race
// detector forget what goroutines that have ended did.
const patient = true

// A ticket is for what the engine was asked to do. It is used again by others.
type ticket = *job

type job struct {
	do      func() []*decide.Finding
	found   bool
	open    sync.Locker   // of those that share memory with do: what the detector sees of the handing over
	pool    chan *job     // where it belongs
	done    chan struct{} // receives when do has returned
	printed chan struct{} // receives when what was found is printed
}

const atOnce = 64

var (
	idle     = make(chan *job, atOnce)
	openly   = make(chan *job, atOnce) // others: those who wait for a print may need them to be there for who prints
	jobs     = make(chan *job, 2*atOnce)
	printing = make(chan print, 2*atOnce)

	working  = &errand{step: work, left: func() bool { return len(jobs) > 0 }}
	printers = &errand{step: printOne, left: func() bool { return len(printing) > 0 }}
)

// A print is for the goroutine that prints, which must not look at jobs: they are used again.
type print struct {
	findings []*decide.Finding
	printed  chan struct{}
}

func init() {
	for range atOnce {
		idle <- newJob(idle, nil)
		openly <- newJob(openly, new(sync.Mutex))
	}
	pass(&working.mu)
	pass(&printers.mu)
}

func newJob(pool chan *job, open sync.Locker) *job {
	return &job{pool: pool, open: open, done: make(chan struct{}, 1), printed: make(chan struct{}, 1)}
}

// work does a job.
func work() bool {
	j := nextJob()
	if j == nil {
		return false
	}
	var findings []*decide.Finding
	if j.open != nil {
		j.open.Lock()
		findings = j.do()
		j.open.Unlock()
	} else {
		findings = j.do()
	}
	finish(j, findings)
	return true
}

//go:norace
func finish(j *job, findings []*decide.Finding) {
	j.found = len(findings) > 0
	if j.found {
		printing <- print{findings, j.printed}
		printers.start()
	}
	j.done <- struct{}{}
}

// linger is how long the goroutine that works waits for more: the more goroutines there were, the less does the
// race detector know of what they did.
const linger = 50 * time.Millisecond

func nextJob() *job {
	if j := unseen(nil); j != nil || InBubble() { // whose time stands still as long as we wait
		return j
	}
	t := time.NewTimer(linger) // seen: otherwise the detector reports the timer
	defer t.Stop()
	return unseen(t.C)
}

// unseen takes a job, if there is one before it is time.
//
//go:norace
func unseen(end <-chan time.Time) *job {
	runtime.RaceDisable()
	defer runtime.RaceEnable()
	if end == nil {
		select {
		case j := <-jobs:
			return j
		default:
			return nil
		}
	}
	select {
	case j := <-jobs:
		return j
	case <-end:
		return nil
	}
}

// printOne prints what a job has found.
func printOne() bool {
	select {
	case p := <-printing:
		for _, f := range p.findings {
			tell.Tell(f)
		}
		p.printed <- struct{}{}
		return true
	default:
		return false
	}
}

func enter(do func() []*decide.Finding) ticket { return hand(idle, do) }

// enterOpenly is enter for goroutines that share memory with do: the detector sees that they wait for
// each other.
func enterOpenly(do func() []*decide.Finding) ticket {
	return hand(openly, do)
}

// hand has a job of the pool done.
//
//go:norace
func hand(pool chan *job, do func() []*decide.Finding) ticket {
	runtime.RaceDisable()
	j := <-pool
	if j.open != nil { // seen
		runtime.RaceEnable()
		pass(j.open)
		runtime.RaceDisable()
	}
	j.do = do
	jobs <- j
	working.start()
	<-j.done
	if j.open != nil {
		runtime.RaceEnable()
		pass(j.open)
		runtime.RaceDisable()
	}
	if !j.found {
		pool <- j
		j = nil
	}
	runtime.RaceEnable()
	return j
}

// deliver returns when what was found is printed.
//
//go:norace
func deliver(j ticket) {
	if j == nil {
		return
	}
	runtime.RaceDisable()
	<-j.printed
	j.pool <- j
	runtime.RaceEnable()
	OnDelivered() // by a goroutine of the program, which knows what was set at the start
}
