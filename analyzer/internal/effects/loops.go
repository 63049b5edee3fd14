package effects

// An Edge is the way from the end of one block to the start of another.
type Edge struct{ From, To int32 }

// A Loop is a natural loop: the blocks from which a back edge to its header can be reached.
type Loop struct {
	Header int32
	Body   []bool // by block
	f      *Func
}

// Loops returns the natural loops of a function, one for each back edge.
func (f *Func) Loops() []Loop {
	if f.of != nil {
		return f.of.Loops()
	}
	f.loopsOnce.Do(func() {
		g := f.Graph()
		for i := range f.Blocks {
			for _, s := range f.Blocks[i].Succs {
				if g.Reached(int32(i)) && g.Dominates(s, int32(i)) {
					f.loops = append(f.loops, f.loop(s, int32(i)))
				}
			}
		}
	})
	return f.loops
}

func (f *Func) loop(header, latch int32) Loop {
	l := Loop{header, make([]bool, len(f.Blocks)), f}
	l.Body[header] = true
	work := []int32{latch}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !l.Body[b] {
			l.Body[b] = true
			work = append(work, f.Blocks[b].Preds...)
		}
	}
	return l
}

// Has reports whether an instruction is in the loop.
func (l *Loop) Has(v V) bool { return l.Body[l.f.At(v).Block] }

// EachRound reports whether each round of the loop passes a block.
func (l *Loop) EachRound(b int32) bool {
	g := l.f.Graph()
	for _, p := range l.f.Blocks[l.Header].Preds {
		if l.Body[p] && !g.Dominates(b, p) {
			return false
		}
	}
	return true
}

// Ends returns the edges by which the loop ends since the condition in its header does not hold, and those by which control
// passes by it for the same reason.
func (l *Loop) Ends() []Edge {
	var out []Edge
	for _, s := range l.f.Blocks[l.Header].Succs {
		if !l.Body[s] {
			out = append(out, Edge{l.Header, s})
		}
	}
	return append(out, l.PassedBy()...)
}

// Exits returns the edges by which control leaves the loop, from wherever in it.
func (l *Loop) Exits() []Edge {
	var out []Edge
	for b, in := range l.Body {
		for _, s := range l.f.Blocks[b].Succs {
			if in && !l.Body[s] {
				out = append(out, Edge{int32(b), s})
			}
		}
	}
	return out
}

// PassedBy returns the edges by which control passes by a loop over a number, since that is 0: it tests the number in
// front of the first round, and behind each.
func (l *Loop) PassedBy() []Edge {
	f := l.f
	var out []Edge
	for _, latch := range f.Blocks[l.Header].Preds {
		_, n, ok := f.Below(latch)
		if !ok || !l.Body[latch] || f.Blocks[latch].Succs[0] != l.Header {
			continue
		}
		for _, p := range f.Blocks[l.Header].Preds {
			first, m, ok := f.Below(p)
			if ok && !l.Body[p] && f.Blocks[p].Succs[0] == l.Header && f.IsInt(first, "0") && m == n {
				out = append(out, Edge{p, f.Blocks[p].Succs[1]})
			}
		}
	}
	return out
}

// Below returns the operands of the comparison x < y by which a block ends.
func (f *Func) Below(b int32) (x, y V, ok bool) {
	br := f.At(f.Blocks[b].Last)
	if br.Op != If {
		return 0, 0, false
	}
	test := f.At(br.Args[0])
	if test.Op != Compare || test.Sym != "<" {
		return 0, 0, false
	}
	return test.Args[0], test.Args[1], true
}

// IsInt reports whether a value is a constant, as text.
func (f *Func) IsInt(v V, text string) bool { in := f.At(v); return in.Op == Const && in.Sym == text }
