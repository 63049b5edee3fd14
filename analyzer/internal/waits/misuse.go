package waits

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Kind tells what is wrong.
type Kind string

// The kinds. Their values are part of fingerprints.
const (
	LateAdd   Kind = "late"     // Add in the goroutine that it counts
	LostDone  Kind = "lost"     // a way out of a goroutine without the Done of the others
	TwoDones  Kind = "twice"    // a goroutine that is counted once and calls Done twice
	DoneInGo  Kind = "go"       // Done in a function given to WaitGroup.Go
	TooFew    Kind = "few"      // Wait after more Adds than Dones
	TooMany   Kind = "many"     // Wait after more Dones than Adds
	BareWait  Kind = "bare"     // Cond.Wait that is not in a loop
	SelfOnce  Kind = "self"     // a function given to Once.Do that gets to the same Do
	ResetOnce Kind = "reset"    // a function given to Once.Do that replaces the Once
	MissWake  Kind = "unlocked" // a Signal or Broadcast that a waiter can miss
)

// A Misuse is one finding, not yet in words.
type Misuse struct {
	Kind  Kind
	Fn    *ssa.Function   // in which it is reported
	At    ssa.Instruction // what is reported
	Op    ssa.Instruction // the call that names the object; may be At
	Other ssa.Instruction // the call that proves it, see the kinds; may be nil
	Start *ssa.Go         // LateAdd: starts the goroutine
	Class string          // of the object, "" for a local variable
	State string          // MissWake: the class of what the waiter tests, or Canceled

	Pointer    bool // ResetOnce: it is a pointer that is replaced
	Excess     int  // TooFew: Adds without a Done; TooMany: Dones without an Add
	All        bool // it happens on every path that gets to At
	Confidence int
	Notes      []Note
}

// A Note is one step of the proof.
type Note struct {
	At   ssa.Instruction
	Text string // what the function of At does there, without subject and place
}

// Check returns the misuses in the functions of one package, which come in a fixed order and
// include the function literals. Functions outside are not looked into; mayLock tells whether a call may take or release
// a lock.
func Check(fns []*ssa.Function, mayLock func(ssa.CallInstruction) bool) []Misuse {
	p := newProgram(fns, mayLock)
	if p == nil {
		return nil
	}
	var out []Misuse
	out = append(out, p.lateAdds()...)
	out = append(out, p.counts()...)
	out = append(out, p.bareWaits()...)
	out = append(out, p.selfOnces()...)
	out = append(out, p.onceResets()...)
	out = append(out, p.missedWakes()...)
	return dedup(out)
}

// dedup keeps, of the misuses of one kind at one instruction, that of the highest confidence.
func dedup(ms []Misuse) []Misuse {
	type key struct {
		kind Kind
		at   ssa.Instruction
	}
	best := map[key]int{}
	var out []Misuse
	for _, m := range ms {
		k := key{m.Kind, m.At}
		i, ok := best[k]
		if !ok {
			best[k] = len(out)
			out = append(out, m)
		} else if m.Confidence > out[i].Confidence {
			out[i] = m
		}
	}
	slices.SortStableFunc(out, func(a, b Misuse) int { return cmp.Compare(a.At.Pos(), b.At.Pos()) })
	return out
}
