package fold

import (
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// A use tells what is done with the channels of a variable.
type use struct {
	sends, receives, closes int
	room                    bool // it may have a buffer
	other                   bool // something that is not known
}

// selects makes an operation of each select that has only one case which can ever be chosen.
func selects(fns []*effects.Func) {
	any := false
	uses := map[string]*use{}
	for _, fn := range fns {
		for v := fn.First; int(v) < len(fn.Code); v++ {
			any = any || fn.Op(v) == effects.Select
		}
	}
	if !any {
		return
	}
	for _, fn := range fns {
		for v := effects.V(1); int(v) < len(fn.Code); v++ {
			if in := fn.At(v); isVariable(in) {
				if uses[in.Class] == nil {
					uses[in.Class] = &use{}
				}
				uses[in.Class].variable(fn, v)
			}
		}
	}
	for _, fn := range fns {
		for v := fn.First; int(v) < len(fn.Code); v++ {
			if in := fn.At(v); in.Op == effects.Select && in.Flags&effects.Blocking != 0 && len(in.Args) > 2 {
				reduce(fn, v, uses)
			}
		}
	}
}

// isVariable reports whether an instruction is the address of a channel variable of a function, here or in a literal.
func isVariable(in *effects.Instr) bool {
	if in.Op != effects.Alloc && in.Op != effects.Free || in.Class == "" {
		return false
	}
	t := in.Type
	return t != nil && t.Kind == effects.Pointer && t.Elem != nil && t.Elem.Kind == effects.Chan
}

func (u *use) variable(fn *effects.Func, addr effects.V) {
	for _, by := range fn.Uses(addr) {
		switch in := fn.At(by); {
		case in.Op == effects.Load:
			u.value(fn, by)
		case in.Op == effects.Store && in.Args[0] == addr && fn.Op(in.Args[1]) == effects.MakeChan && len(fn.Uses(in.Args[1])) == 1:
			size := fn.At(fn.At(in.Args[1]).Args[0])
			u.room = u.room || size.Op != effects.Const || size.Sym != "0"
		case in.Op == effects.Closure:
		default:
			u.other = true
		}
	}
}

func (u *use) value(fn *effects.Func, v effects.V) {
	for _, by := range fn.Uses(v) {
		switch in := fn.At(by); {
		case in.Op == effects.Send && in.Args[1] != v:
			u.sends++
		case in.Op == effects.Recv:
			u.receives++
		case in.Op == effects.Close:
			u.closes++
		case in.Op == effects.Select:
			for i := 0; 2*i+1 < len(in.Args); i++ {
				switch {
				case in.Args[2*i+1] == v:
					u.other = true
				case in.Args[2*i] == v && in.Args[2*i+1] == 0:
					u.receives++
				case in.Args[2*i] == v:
					u.sends++
				}
			}
		case in.Op == effects.Builtin && (in.Sym == "len" || in.Sym == "cap"):
		default:
			u.other = true
		}
	}
}

// dead reports whether the case of a select can never be chosen.
func (u *use) dead(receive bool) bool {
	switch {
	case u == nil || u.other:
		return false
	case receive:
		return u.sends == 0 && u.closes == 0
	}
	return u.receives == 0 && u.closes == 0 && !u.room
}

// reduce makes the one operation of a select that is left.
func reduce(fn *effects.Func, sel effects.V, uses map[string]*use) {
	in := fn.At(sel)
	live := -1
	for i := 0; 2*i+1 < len(in.Args); i++ {
		var u *use
		if ch := fn.At(in.Args[2*i]); ch.Op == effects.Load && isVariable(fn.At(ch.Args[0])) {
			u = uses[fn.At(ch.Args[0]).Class]
		}
		if u.dead(in.Args[2*i+1] == 0) {
			continue
		}
		if live >= 0 {
			return
		}
		live = i
	}
	if live < 0 {
		return // it waits for ever, which others tell
	}
	tests, ok := chosen(fn, sel)
	if !ok {
		return
	}
	ch, val := in.Args[2*live], in.Args[2*live+1]
	if val == 0 {
		in.Op, in.Args, in.Type = effects.Recv, []effects.V{ch}, nil
	} else {
		in.Op, in.Args, in.Type = effects.Send, []effects.V{ch, val}, nil
	}
	in.Flags &^= effects.Blocking
	for _, w := range tests {
		cmp := fn.At(w)
		k := cmp.Args[1]
		cmp.Args = []effects.V{k, k}
		if fn.At(k).Sym != strconv.Itoa(live) {
			cmp.Sym = "!="
		}
	}
	fn.Renew()
}

// chosen returns the comparisons that tell which case of a select was chosen; ok is false if something else is made of it, or of what was
// received.
func chosen(fn *effects.Func, sel effects.V) (tests []effects.V, ok bool) {
	for _, u := range fn.Uses(sel) {
		ex := fn.At(u)
		switch {
		case ex.Op != effects.Extract || ex.Index > 0 && len(fn.Uses(u)) > 0:
			return nil, false
		case ex.Index > 0:
			continue
		}
		for _, w := range fn.Uses(u) {
			if cmp := fn.At(w); cmp.Op != effects.Compare || cmp.Sym != "==" || fn.Op(cmp.Args[1]) != effects.Const {
				return nil, false
			}
			tests = append(tests, w)
		}
	}
	return tests, true
}
