//go:build race

package record

import (
	"runtime"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/tell"
)

// With the race detector, the engine works in a goroutine of its own. A lock around it
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
	pooled  bool          // one of those made at start, which are used again
	done    chan struct{} // receives when do has returned
	printed chan struct{} // receives when what was found is printed
}

const atOnce = 64

var (
	idle     = make(chan *job, atOnce)
	jobs     = make(chan *job, atOnce)
	printing = make(chan print, atOnce)
)

// A print is for the goroutine that prints, which must not look at jobs: they are used again.
type print struct {
	findings []*decide.Finding
	printed  chan struct{}
}

func init() {
	for range atOnce {
		idle <- &job{pooled: true, done: make(chan struct{}, 1), printed: make(chan struct{}, 1)}
	}
	go func() {
		Mute()
		for j := range jobs {
			findings := j.do()
			j.found = len(findings) > 0
			if j.found {
				printing <- print{findings, j.printed}
			}
			j.done <- struct{}{}
		}
	}()
	go func() {
		Mute()
		for p := range printing {
			for _, f := range p.findings {
				tell.Tell(f)
			}
			p.printed <- struct{}{}
		}
	}()
}

//go:norace
func enter(do func() []*decide.Finding) ticket {
	runtime.RaceDisable()
	j := <-idle
	j.do = do
	jobs <- j
	<-j.done
	if !j.found {
		idle <- j
		j = nil
	}
	runtime.RaceEnable()
	return j
}

// enterOpenly is enter for goroutines that share memory with do: the detector sees that they wait for
// each other. They use no other's jobs.
func enterOpenly(do func() []*decide.Finding) ticket {
	j := &job{do: do, done: make(chan struct{}, 1), printed: make(chan struct{}, 1)}
	jobs <- j
	<-j.done
	if !j.found {
		return nil
	}
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
	if j.pooled {
		idle <- j
	}
	runtime.RaceEnable()
}
