package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"
)

// A scenario is a small program about locks. It is run in a process of its own.
type scenario struct {
	Name    string // how main is asked for it
	What    string // a phrase for the table
	Want    int    // how many reports are right
	Hangs   bool   // whether sync.Mutex hangs, in every run
	Race    bool   // whether it is about a data race, not about a deadlock
	Mention []string
	run     func()
}

var scenarios = slices.Concat(orders, readers, instances, joins, handoffs, reals, others)

// A scenario that hangs is ended after hangLimit, any other has endLimit, which no
// machine should need.
const (
	hangLimit = 500 * time.Millisecond
	endLimit  = 30 * time.Second
)

// settle is called before a scenario ends, for an implementation that wants it (see settle.go).
var settle = func() {}

// Exit codes: 0 the scenario ended, 3 it hangs.
func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: corpus SCENARIO | -list")
		os.Exit(1)
	}
	if os.Args[1] == "-list" {
		if err := json.NewEncoder(os.Stdout).Encode(scenarios); err != nil {
			panic(err)
		}
		return
	}
	i := slices.IndexFunc(scenarios, func(s scenario) bool { return s.Name == os.Args[1] })
	if i < 0 {
		fmt.Fprintln(os.Stderr, "no such scenario:", os.Args[1])
		os.Exit(1)
	}
	s := scenarios[i]
	limit := endLimit
	if s.Hangs {
		limit = hangLimit
	}
	done := make(chan struct{})
	go func() { s.run(); close(done) }()
	select {
	case <-done:
		settle()
	case <-time.After(limit):
		os.Exit(3)
	}
}

// inTurn starts a goroutine for each function and lets them run one after the other.
// The channels that do it stand for luck in the timing: no scenario is about them.
func inTurn(fs ...func()) {
	turn := make(chan struct{})
	first := turn
	for _, f := range fs {
		next := make(chan struct{})
		go func(turn chan struct{}) { <-turn; f(); close(next) }(turn)
		turn = next
	}
	close(first)
	<-turn
}

// A barrier lets nobody pass before n have arrived.
type barrier struct {
	arrive chan struct{}
	open   chan struct{}
}

func newBarrier(n int) *barrier {
	b := &barrier{make(chan struct{}), make(chan struct{})}
	go func() {
		for range n {
			<-b.arrive
		}
		close(b.open)
	}()
	return b
}

func (b *barrier) wait() { b.arrive <- struct{}{}; <-b.open }

// together starts a goroutine for each function and waits for all.
func together(fs ...func()) {
	done := make(chan struct{})
	for _, f := range fs {
		go func() { f(); done <- struct{}{} }()
	}
	for range fs {
		<-done
	}
}
