package waits

import (
	"fmt"

	"golang.org/x/tools/go/ssa"
)

// waitTotal judges a Wait of a local WaitGroup by the sum of all that was counted before.
func (p *program) waitTotal(fn *ssa.Function, o op, w place) (Misuse, bool) {
	var started []Note
	c := &counter{p: p, w: w}
	c.start = func(g *ssa.Go, e env) tally {
		t := p.target(g.Call.Value, &g.Call)
		if t.fn == nil {
			return other
		}
		if !p.touches(t.fn, w) {
			return only(0)
		}
		in := &counter{p: p, w: w, env: p.env(t, e), start: p.opaqueStart(w)}
		sum := in.total(t.fn)
		if n, ok := sum.exact(); !ok || n > 0 || p.opIn(t.fn, w, in.env, opAdd) != nil {
			return other
		}
		return sum
	}
	in := c.run(fn)
	at := ssa.Instruction(o.instr)
	if _, ok := at.(*ssa.Call); !ok {
		return Misuse{}, false // deferred: at each return
	}
	n, ok := c.at(in, at).exact()
	if !ok || n == 0 {
		return Misuse{}, false
	}
	for _, s := range p.starts {
		if s.at.Parent() == fn && reaches(s.at, at, nil) {
			if k, ok := c.start(s.at, nil).exact(); ok && k < 0 {
				started = append(started, Note{s.at, fmt.Sprintf("starts a goroutine that calls Done %s", times(-k))})
			}
		}
	}
	m := Misuse{Fn: fn, At: at, Op: at, Excess: max(n, -n), All: true, Confidence: 90, Kind: TooFew}
	if n < 0 {
		m.Kind = TooMany
	}
	for _, a := range p.ops[fn] {
		if a.kind == opAdd && p.place(a.recv, nil).same(w) && reaches(a.instr, at, nil) {
			m.Notes = append(m.Notes, Note{a.instr, fmt.Sprintf("calls Add(%d)", a.n)})
		}
	}
	if n < 0 {
		for _, a := range p.ops[fn] {
			if a.kind == opAdd && reaches(at, a.instr, nil) {
				return Misuse{}, false // the goroutines may call the rest of their Dones behind that
			}
		}
		if len(m.Notes) == 0 {
			m.Confidence = 50 // Add must be somewhere
		}
	}
	m.Notes = append(m.Notes, started...)
	return m, true
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}
