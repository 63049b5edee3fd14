package effects

// A Loop is a natural loop: the blocks from which a back edge to its header can be reached.
type Loop struct {
	Header int32
	Body   []bool // by block
}

// An Edge leads from a block to one of its successors.
type Edge struct{ From, To int32 }

// Loops returns the natural loops of the function, one for each back edge.
func (f *Func) Loops() []Loop {
	g := f.Graph()
	var out []Loop
	for b := range int32(len(f.Blocks)) {
		for _, s := range f.Blocks[b].Succs {
			if !g.Reached(b) || !g.Dominates(s, b) {
				continue
			}
			l := Loop{s, make([]bool, len(f.Blocks))}
			l.Body[s] = true
			work := []int32{b}
			for len(work) > 0 {
				b := work[len(work)-1]
				work = work[:len(work)-1]
				if !l.Body[b] {
					l.Body[b] = true
					work = append(work, f.Blocks[b].Preds...)
				}
			}
			out = append(out, l)
		}
	}
	return out
}

// Exits returns the edges by which control leaves a loop at its header.
func (f *Func) Exits(l Loop) []Edge {
	var out []Edge
	for _, s := range f.Blocks[l.Header].Succs {
		if !l.Body[s] {
			out = append(out, Edge{l.Header, s})
		}
	}
	return out
}

// PassedBy returns the edges by which control passes by a loop over a number, since that is 0: it tests the number in
// front of the first round, and behind each.
func (f *Func) PassedBy(l Loop) []Edge {
	var out []Edge
	preds := f.Blocks[l.Header].Preds
	for _, latch := range preds {
		again, ok := f.Below(latch)
		if !ok || !l.Body[latch] || f.Blocks[latch].Succs[0] != l.Header {
			continue
		}
		for _, p := range preds {
			first, ok := f.Below(p)
			if ok && !l.Body[p] && f.Blocks[p].Succs[0] == l.Header && f.IsNumber(first.Args[0], "0") && first.Args[1] == again.Args[1] {
				out = append(out, Edge{p, f.Blocks[p].Succs[1]})
			}
		}
	}
	return out
}

// Below returns the comparison x < y by which a block ends.
func (f *Func) Below(b int32) (*Instr, bool) {
	br := f.At(f.Blocks[b].Last)
	if br.Op != If {
		return nil, false
	}
	test := f.At(br.Args[0])
	return test, test.Op == Compare && test.Sym == "<"
}

// IsNumber reports whether a value is a constant number, given as text.
func (f *Func) IsNumber(v V, n string) bool {
	in := f.At(v)
	return in.Op == Const && in.Sym == n && (in.Type == nil || in.Type.Kind == Other)
}
