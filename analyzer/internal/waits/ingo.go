package waits

// doneInGo reports functions given to WaitGroup.Go that call Done of the same WaitGroup, as Go does
// when they return.
func (p *program) doneInGo() []Misuse {
	var out []Misuse
	for _, fn := range p.fns {
		for _, o := range p.ops[fn] {
			if o.kind != opGo {
				continue
			}
			t := p.target(o.arg, nil)
			if t.fn == nil {
				continue
			}
			w := p.place(o.recv, nil)
			e := p.env(t, nil)
			done := p.opIn(t.fn, w, e, opDone)
			c := &counter{p: p, w: w, env: e, start: p.opaqueStart(w)}
			if done == nil || !c.total(t.fn).below(0) || p.opIn(t.fn, w, e, opAdd) != nil {
				continue
			}
			m := Misuse{Kind: DoneInGo, Fn: done.instr.Parent(), At: done.instr, Op: done.instr, Other: o.instr, Class: w.class, All: true, Confidence: 90}
			for _, f := range p.fns {
				for _, a := range p.ops[f] {
					if a.kind == opAdd && p.place(a.recv, nil).like(w) {
						m.Confidence = 50 // which counts it once more
					}
				}
			}
			m.Notes = []Note{{o.instr, "calls Go"}}
			out = append(out, m)
		}
	}
	return out
}
