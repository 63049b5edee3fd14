package capture

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// own returns where the goroutine of x could declare the variable anew, since nobody else reads what it assigns:
// it reads only what it has assigned itself, and so do all others. NoPos if that is not so.
func (f *family) own(v *variable, r *Race) token.Pos {
	lit, site := r.X.Fn, r.Start.Site
	if !r.X.Write || r.Kind == Self || lit.Parent() != site.Parent() || len(f.runs[lit]) != 1 || f.runs[lit][0] != r.Start || v.leaks {
		return token.NoPos
	}
	stores := map[*ssa.Function]*cuts{}
	for _, a := range v.sites {
		if a.Place != "" {
			return token.NoPos
		}
		for fn := a.Fn; fn != v.in; fn = fn.Parent() {
			if fn == lit && a.Fn != lit {
				return token.NoPos // by a literal inside
			}
		}
		if stores[a.Fn] == nil {
			stores[a.Fn] = &cuts{instrs: map[ssa.Instruction]bool{}}
		}
		if a.Write {
			stores[a.Fn].instrs[a.Instr] = true
		}
	}
	pos := token.NoPos
	var reads, others bool
	for _, a := range v.sites {
		switch {
		case a.Write && a.Fn == lit:
			if !a.Instr.Pos().IsValid() {
				return token.NoPos
			}
			if !pos.IsValid() || a.Instr.Pos() < pos {
				pos = a.Instr.Pos()
			}
		case a.Write:
		case a.Fn == site.Parent():
			others = true
			if f.reaches(a.Fn, site, a.Instr, stores[a.Fn]) {
				return token.NoPos
			}
		default:
			if f.reaches(a.Fn, nil, a.Instr, stores[a.Fn]) {
				return token.NoPos
			}
			reads = reads || a.Fn == lit
			others = others || a.Fn != lit
		}
	}
	if !reads || !others || f.steps >= maxSearch {
		return token.NoPos // one of the two variables would not be used
	}
	return pos
}
