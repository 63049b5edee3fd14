package effects

import "strconv"

// CaseEdge returns the edge that control takes after a Select when a case of it has been chosen, counted from 1.
func (f *Func) CaseEdge(sel V, which int) (Edge, bool) {
	for _, ex := range f.Uses(sel) {
		if in := f.At(ex); in.Op != Extract || in.Index != 0 {
			continue
		}
		for _, test := range f.Uses(ex) {
			if in := f.At(test); in.Op != Compare || in.Sym != "==" || !f.IsInt(in.Args[1], strconv.Itoa(which-1)) {
				continue
			}
			for _, br := range f.Uses(test) {
				if in := f.At(br); in.Op == If {
					to := f.Blocks[in.Block].Succs
					return Edge{in.Block, to[0]}, to[0] != to[1]
				}
			}
		}
	}
	return Edge{}, false
}
