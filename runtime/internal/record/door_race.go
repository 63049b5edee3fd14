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
// unseen by the detector.

func raceDisable() { runtime.RaceDisable() }
func raceEnable()  { runtime.RaceEnable() }

// A ticket is for what the engine was asked to do.
type ticket = *job

type job struct {
	do       func() []*decide.Finding
	findings []*decide.Finding
	done     chan struct{} // do has returned
	printed  chan struct{}
}

var jobs, printing = make(chan *job), make(chan *job)

func init() {
	go func() {
		Mute()
		for j := range jobs {
			j.findings = j.do()
			close(j.done)
		}
	}()
	go func() {
		Mute()
		for j := range printing {
			<-j.done // tells the detector that this comes after do
			for _, r := range j.findings {
				tell.Tell(r)
			}
			close(j.printed)
		}
	}()
}

//go:norace
func enter(do func() []*decide.Finding) ticket {
	runtime.RaceDisable()
	j := &job{do: do, done: make(chan struct{}), printed: make(chan struct{})}
	jobs <- j
	<-j.done
	runtime.RaceEnable()
	return j
}

// enterOpenly is enter for goroutines that share memory with do: the detector sees that they wait for
// each other.
func enterOpenly(do func() []*decide.Finding) ticket {
	j := &job{do: do, done: make(chan struct{}), printed: make(chan struct{})}
	jobs <- j
	<-j.done
	return j
}

//go:norace
func deliver(j ticket) {
	if len(j.findings) == 0 {
		return
	}
	runtime.RaceDisable()
	printing <- j
	<-j.printed
	runtime.RaceEnable()
}
