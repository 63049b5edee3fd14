package chanleak

import (
	"fmt"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/waits"
	"github.com/lockcheck/lockcheck/lockgraph"
)

func class(s string) lockgraph.Class { return lockgraph.Class(s) }

// step returns a step of the proof: what a function does somewhere.
func (c *checker) step(at waits.Spot, does string) report.TraceStep {
	f := c.Engine.Step(at.Fn, at.V)
	return report.TraceStep{Frame: f, Message: fmt.Sprintf("%s %s at %s", report.Func(f.Func, c.Path), does, report.At(f))}
}

// name returns the channel of an operation as a reader knows it: by its field or variable, else as the source writes it.
func (c *checker) name(op waits.Op) string {
	if n := waits.Name(op.Fn, op.Channel(), c.Path); n != "" {
		return n
	}
	if s := c.Engine.Syntax.Channel(op.Fn, op.V, op.Case); s != "" {
		return s
	}
	return "the channel"
}
