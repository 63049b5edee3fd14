package waitmisuse

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// V is the number of an instruction and of its value.
type V = effects.V

// A kind tells what is wrong.
type kind string

// The kinds. Their values are part of fingerprints.
const (
	lateAdd   kind = "late"     // Add in the goroutine that it counts
	lostDone  kind = "lost"     // a way out of a goroutine without the Done of the others
	twoDones  kind = "twice"    // a goroutine that is counted once and calls Done twice
	doneInGo  kind = "go"       // Done in a function given to WaitGroup.Go
	tooFew    kind = "few"      // Wait after more Adds than Dones
	noDone    kind = "none"     // Wait for which nobody calls Done
	tooMany   kind = "many"     // Wait after more Dones than Adds
	bareWait  kind = "bare"     // Cond.Wait that is not in a loop
	selfOnce  kind = "self"     // a function given to Once.Do that gets to the same Do
	resetOnce kind = "reset"    // a function given to Once.Do that replaces the Once
	missWake  kind = "unlocked" // a Signal or Broadcast that a waiter can miss
)

// A point is an instruction of a function.
type point struct {
	Fn *effects.Func
	V  V
}

func (pt point) instr() *effects.Instr { return pt.Fn.At(pt.V) }

// A misuse is one finding.
type misuse struct {
	kind  kind
	at    point // what is reported
	op    point // the call that names the object; may be at
	other point // the call that proves it, see the kinds; there may be none
	start point // lateAdd: starts the goroutine

	message    string
	notes      []note
	confidence int

	obj      object
	name     string // of the object
	state    string // missWake: the class of what the waiter tests, or canceled
	callee   string // selfOnce: the function that at calls
	replaces bool   // resetOnce: it is a pointer that is replaced
	excess   int    // tooFew: Adds without a Done; tooMany: Dones without an Add
	all      bool   // it happens on every path that gets to at
}

// A note is one step of the proof.
type note struct {
	point
	text string // what the function does there, without subject and place
}

// input is the functions of one package, and what is known of them.
type input struct {
	funcs []*effects.Func // in a fixed order, literals among them; others are not looked into
	facts *resolve.Facts
	// source returns what a call calls as it is written, such as "s.wg.Done"; "" if that is not known.
	source func(*effects.Func, V) string
	// mayLock reports whether an instruction may take or release a lock.
	mayLock func(*effects.Func, V) bool
}

// check returns the misuses in the functions of one package, in a fixed order.
func check(in input) []misuse {
	p := newProgram(in)
	if p == nil {
		return nil
	}
	out := p.lateAdds()
	out = append(out, p.counts()...)
	out = append(out, p.bareWaits()...)
	out = append(out, p.selfOnces()...)
	out = append(out, p.onceResets()...)
	out = append(out, p.missedWakes()...)
	out = dedup(out)
	for i := range out {
		p.word(&out[i])
	}
	return out
}

// dedup keeps, of the misuses of one kind at one instruction, that of the highest confidence.
func dedup(ms []misuse) []misuse {
	type key struct {
		kind kind
		at   point
	}
	best := map[key]int{}
	var out []misuse
	for _, m := range ms {
		k := key{m.kind, m.at}
		i, ok := best[k]
		if !ok {
			best[k] = len(out)
			out = append(out, m)
		} else if m.confidence > out[i].confidence {
			out[i] = m
		}
	}
	return out
}
