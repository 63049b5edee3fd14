package blocking

import (
	"fmt"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// word makes a finding of a circle.
func (c *checker) word(b circle) report.Finding {
	lock := report.Lock(lockgraph.Class(b.hold.Path.Class), c.Path)
	f := report.Finding{
		Check: name, Package: c.Path,
		Message:     fmt.Sprintf("%s while %s is %s can block forever: %s", b.noun(), lock, report.Held(b.hold.Mode), c.needs(b, lock)),
		Fingerprint: report.Fingerprint(name, b.at.Fn.Name, b.name, lock),
	}
	c.StandAt(&f, b.at.Fn, b.at.V)
	c.AddSteps(&f, c.steps(b, lock))
	f.Weigh(sure(b))
	return f
}

// steps returns the proof: how the waiter comes to hold the lock, and how each of the others comes to need it.
func (c *checker) steps(b circle, lock string) []report.TraceStep {
	out := report.Trace(b.hold.Chain.Frames(), lock, b.hold.Mode, c.Path, "")
	way := b.hold.way
	for i, s := range way[:len(way)-1] {
		out = append(out, c.step(s, "calls "+report.Func(way[i+1].Fn.Name, c.Path)))
	}
	out = append(out, c.step(b.at, b.verb()))
	for i, k := range b.blocks {
		if i == maxTold {
			break
		}
		if k.way.Goroutine() {
			out = append(out, c.step(k.way.Start, "starts "+report.Func(k.way.Spots[0].Fn.Name, c.Path)+" in a goroutine"))
		}
		if k.via != nil {
			out = append(out, c.step(waits.Spot{Fn: k.way.Spots[0].Fn, V: k.wait}, "waits for "+report.Func(k.via.actor().Name, c.Path)))
		}
		out = append(out, report.Trace(k.acq.chain.Frames(), lock, k.acq.lock.Mode, c.Path, " first")...)
		if at := k.way.Spots[len(k.way.Spots)-1]; !k.way.exit {
			out = append(out, c.step(at, k.end.op))
		}
	}
	return out
}

// maxTold bounds the ends of a wait of which a finding tells how they need the lock.
const maxTold = 4

// noun names the wait.
func (b *circle) noun() string {
	switch b.kind {
	case send:
		return "send on " + b.name
	case receive:
		return "receive from " + b.name
	case selects:
		return "select with " + b.name
	}
	return b.name + ".Wait"
}

// verb tells what the waiter does.
func (b *circle) verb() string {
	switch b.kind {
	case send:
		return "sends on " + b.name
	case receive:
		return "receives from " + b.name
	case selects:
		return "selects with " + b.name
	}
	return "calls " + b.name + ".Wait"
}

// needs tells who takes the lock first.
func (c *checker) needs(b circle, lock string) string {
	k := b.blocks[0]
	takes := fmt.Sprintf("%s %s at %s", report.Locks(k.acq.lock.Mode), lock, report.At(k.acq.chain.Last()))
	who := report.Func(k.actor().Name, c.Path)
	if k.via != nil {
		at := report.At(c.Engine.Step(k.way.Spots[0].Fn, k.wait))
		return fmt.Sprintf("%s, which %s, first waits at %s for %s, which %s", who, k.end.op, at, report.Func(k.via.actor().Name, c.Path), takes)
	}
	if b.any {
		return fmt.Sprintf("%s %s before it %s", who, takes, k.end.op)
	}
	switch others := c.others(b, k); {
	case others == 1:
		return fmt.Sprintf("%s, which %s, %s first, and so does 1 other way that could end it", who, k.end.op, takes)
	case others > 1:
		return fmt.Sprintf("%s, which %s, %s first, and so do %d other ways that could end it", who, k.end.op, takes, others)
	}
	if b.kind == send {
		return fmt.Sprintf("its only receiver, %s, %s first", who, takes)
	}
	return fmt.Sprintf("%s, which alone %s, %s first", who, k.end.op, takes)
}

// others returns how many ways to end a wait, by other functions, there are besides one.
func (c *checker) others(b circle, k block) int {
	n := 0
	for _, o := range b.blocks {
		if o.actor() != k.actor() {
			n++
		}
	}
	return n
}

// sure weighs a circle.
func sure(b circle) report.Confidence {
	var s report.Confidence
	if slices.ContainsFunc(b.blocks, func(k block) bool { return !k.sure }) {
		s.Times(50, "the two locks may belong to different objects")
	}
	switch {
	case b.room && b.kind == send && seldom(b):
		s.Times(50, "the channel must be full, and it may be that nobody sends again before it was received from")
	case b.room && b.kind == send:
		s.Times(80, "the channel must be full")
	case b.room:
		s.Times(50, "there may be a value in the channel")
	}
	return s
}

// step returns a step of the proof.
func (c *checker) step(at waits.Spot, does string) report.TraceStep {
	f := c.Engine.Step(at.Fn, at.V)
	return report.TraceStep{Frame: f, Message: fmt.Sprintf("%s %s at %s", report.Func(f.Func, c.Path), does, report.At(f))}
}
