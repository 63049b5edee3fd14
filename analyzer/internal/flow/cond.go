package flow

import (
	"go/constant"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// condition returns the literal that is true when v is true. known is set if v
// is a constant, whose value is then lit.Val; ok is false if nothing can be said.
func (w *walker) condition(st *state, v ssa.Value) (lit summary.Lit, known, ok bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.Bool {
			return summary.Lit{Val: constant.BoolVal(v.Value)}, true, true
		}
		return lit, false, false
	case *ssa.UnOp:
		if v.Op == token.NOT {
			lit, known, ok = w.condition(st, v.X)
			lit.Val = !lit.Val
			return lit, known, ok
		}
	case *ssa.BinOp:
		return w.comparison(st, v)
	}
	p := w.path(st, v)
	return summary.Lit{Path: p, Val: true}, false, p.Kind != ident.Unknown
}

// comparison normalizes x == c, x != c and the four orders.
func (w *walker) comparison(st *state, v *ssa.BinOp) (lit summary.Lit, known, ok bool) {
	x, y, op := v.X, v.Y, v.Op
	if _, isConst := x.(*ssa.Const); isConst {
		x, y = y, x
		switch op {
		case token.LSS:
			op = token.GTR
		case token.GTR:
			op = token.LSS
		case token.LEQ:
			op = token.GEQ
		case token.GEQ:
			op = token.LEQ
		}
	}
	val := true
	switch op {
	case token.NEQ:
		op, val = token.EQL, false
	case token.GEQ:
		op, val = token.LSS, false
	case token.GTR:
		op, val = token.LEQ, false
	case token.EQL, token.LSS, token.LEQ:
	default:
		return summary.Lit{Path: opaque(v, ""), Val: true}, false, true
	}
	p := w.path(st, x)
	if c, isConst := y.(*ssa.Const); isConst {
		text := constText(c)
		if op == token.EQL {
			if cx, isConst := x.(*ssa.Const); isConst {
				return summary.Lit{Val: (constText(cx) == text) == val}, true, true
			}
			if b, ok := boolConst(c); ok { // x == true
				return summary.Lit{Path: p, Val: b == val}, false, true
			}
			if text == "nil" && neverNil(x) {
				return summary.Lit{Val: !val}, true, true
			}
		}
		return summary.Lit{Path: p, Op: op.String() + text, Val: val}, false, p.Kind != ident.Unknown
	}
	q := w.path(st, y)
	if op == token.EQL && (q.Kind < p.Kind || q.Kind == p.Kind && q.Ref+q.Steps < p.Ref+p.Steps) {
		p, q = q, p
	}
	return summary.Lit{Path: p, Op: op.String() + operandText(q), Val: val}, false, p.Kind != ident.Unknown && q.Kind != ident.Unknown
}

// operandText writes a path inside a literal's Op such that state.age finds
// the instruction it depends on.
func operandText(p ident.Path) string {
	return string(rune('0'+p.Kind)) + "{" + p.Ref + "}" + itoa(int(p.Gen)) + p.Steps
}

func boolConst(c *ssa.Const) (val, ok bool) {
	if c.Value != nil && c.Value.Kind() == constant.Bool {
		return constant.BoolVal(c.Value), true
	}
	return false, false
}

func neverNil(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.MakeClosure, *ssa.FieldAddr, *ssa.Function:
		return true
	case *ssa.MakeInterface:
		return true
	case *ssa.ChangeType:
		return neverNil(v.X)
	}
	return false
}

// branch returns st after condition v came out as taken, nil if it cannot.
func (w *walker) branch(st *state, v ssa.Value, taken bool) *state {
	lit, known, ok := w.condition(st, v)
	if !ok {
		return st
	}
	if known {
		if lit.Val != taken {
			return nil
		}
		return st
	}
	if !taken {
		lit.Val = !lit.Val
	}
	if lit.Op == "==nil" && lit.Val && w.locked(st, lit.Path) {
		return nil
	}
	return assumeConsistent(st, lit)
}

// locked reports whether a lock is held that is, or is in, what a pointer points to, which is not nil then: it
// was tested before the Lock, and is now before the Unlock.
func (w *walker) locked(st *state, p ident.Path) bool {
	return !w.info.stores[p.Class] && slices.ContainsFunc(st.held, func(h held) bool {
		if !h.Must || h.Path.Kind != p.Kind || h.Path.Ref != p.Ref || h.Path.Gen != p.Gen || !h.Path.Exact() {
			return false
		}
		rest, ok := strings.CutPrefix(h.Path.Steps, p.Steps)
		return ok && (rest == "" || rest[0] == '.')
	})
}

// assumeConsistent adds lit unless st knows better: then nil.
func assumeConsistent(st *state, lit summary.Lit) *state {
	if val, known := st.lookup(lit); known {
		if val != lit.Val {
			return nil
		}
		return st
	}
	// x == c contradicts x == d, and decides x == nil.
	if strings.HasPrefix(lit.Op, "==") && lit.Val && isConstOp(lit.Op) {
		for _, m := range st.lits {
			if m.Val && strings.HasPrefix(m.Op, "==") && isConstOp(m.Op) && m.Op != lit.Op {
				o := lit
				o.Op = m.Op
				if sameCond(m, o) {
					return nil
				}
			}
		}
	}
	return st.assume(lit)
}

func isConstOp(op string) bool { return !strings.Contains(op, "{") }

// volatile reports whether a literal is about memory that other goroutines may
// change: a loaded field or package variable which is stored to after construction.
func (w *walker) volatile(l summary.Lit) bool {
	if strings.Contains(l.Op, "^") {
		return true
	}
	if !strings.Contains(l.Path.Steps, "^") || l.Path.Kind == ident.Alloc {
		return false
	}
	if l.Path.Kind == ident.Free && l.Path.Steps == "^" && InPlace(w.fn) {
		return false // the function around waits for this one
	}
	return l.Path.Class == "" || w.env.Mutable(w.fn, l.Path.Class)
}

// settle drops what other goroutines may have changed meanwhile.
func (w *walker) settle(st *state) *state { return st.forget(w.volatile) }

// exported returns the literals that a caller can check: about parameters and
// captured variables against constants.
func exported(lits []summary.Lit) []summary.Lit {
	var out []summary.Lit
	for _, l := range lits {
		if l.Op != opSet && (l.Path.Kind == ident.Param || l.Path.Kind == ident.Free) && isConstOp(l.Op) && l.Path.Len() <= 3 && !strings.Contains(l.Path.Steps, "[") {
			l.Path.Class = ""
			out = append(out, l)
		}
	}
	return out
}
