package held

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// condition returns the literal that is true when v is true. known is set if v
// is a constant, whose value is then lit.Val; ok is false if nothing can be said.
func (w *walker) condition(st *state, v V) (lit summary.Lit, known, ok bool) {
	in := w.At(v)
	switch in.Op {
	case effects.Const:
		val, ok := w.BoolConst(v)
		return summary.Lit{Val: val}, ok, ok
	case effects.Not:
		lit, known, ok = w.condition(st, in.Args[0])
		lit.Val = !lit.Val
		return lit, known, ok
	case effects.Compare:
		return w.comparison(st, v, in)
	}
	p := w.path(st, v)
	return summary.Lit{Path: p, Val: true}, false, p.Kind != ident.Unknown
}

// mirrored are the orders with their sides changed.
var mirrored = map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}

// negated are the comparisons that are told as the contrary of another.
var negated = map[string]string{"!=": "==", ">=": "<", ">": "<="}

// comparison normalizes x == c, x != c and the four orders.
func (w *walker) comparison(st *state, v V, in *effects.Instr) (lit summary.Lit, known, ok bool) {
	x, y, op := in.Args[0], in.Args[1], in.Sym
	isConst := func(v V) bool { return w.Op(v) == effects.Const }
	if isConst(x) {
		x, y = y, x
		if m := mirrored[op]; m != "" {
			op = m
		}
	}
	val := true
	if n := negated[op]; n != "" {
		op, val = n, false
	}
	if op != "==" && op != "<" && op != "<=" {
		return summary.Lit{Path: resolve.Opaque(v, ""), Val: true}, false, true
	}
	p := w.path(st, x)
	if isConst(y) {
		text := w.At(y).Sym
		if op == "==" {
			if isConst(x) {
				return summary.Lit{Val: (w.At(x).Sym == text) == val}, true, true
			}
			if b, ok := w.BoolConst(y); ok { // x == true
				return summary.Lit{Path: p, Val: b == val}, false, true
			}
			if w.IsNil(y) && w.NeverNil(x) {
				return summary.Lit{Val: !val}, true, true
			}
		}
		return summary.Lit{Path: p, Op: op + text, Val: val}, false, p.Kind != ident.Unknown
	}
	q := w.path(st, y)
	if op == "==" && (q.Kind < p.Kind || q.Kind == p.Kind && q.Ref+q.Steps < p.Ref+p.Steps) {
		p, q = q, p
	}
	return summary.Lit{Path: p, Op: op + operandText(q), Val: val}, false, p.Kind != ident.Unknown && q.Kind != ident.Unknown
}

// operandText writes a path inside a literal's Op such that state.age finds
// the instruction it depends on.
func operandText(p ident.Path) string {
	return string(rune('0'+p.Kind)) + ident.ValueIndex(p.Ref) + strconv.Itoa(int(p.Gen)) + p.Steps
}

// branch returns st after condition v came out as taken, nil if it cannot.
func (w *walker) branch(st *state, v V, taken bool) *state {
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
	return !w.Stores[p.Class] && slices.ContainsFunc(st.held, func(h held) bool {
		return h.Must && h.Path.Exact() && h.Path.Within(p)
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
	if !l.Path.FollowsPointer() || l.Path.Kind == ident.Alloc {
		return false
	}
	if l.Path.Kind == ident.Free && l.Path.Steps == "^" && w.InPlace() {
		return false // the function around waits for this one
	}
	return l.Path.Class == "" || w.Facts.Mutable(w.fn, l.Path.Class)
}

// settle drops what other goroutines may have changed meanwhile.
func (w *walker) settle(st *state) *state { return st.forget(w.volatile) }

// exported returns the literals that a caller can check: about parameters and
// captured variables against constants.
func exported(lits []summary.Lit) []summary.Lit {
	var out []summary.Lit
	for _, l := range lits {
		if l.Op != opSet && (l.Path.Kind == ident.Param || l.Path.Kind == ident.Free) && isConstOp(l.Op) && l.Path.Len() <= 3 && !l.Path.Indexed() {
			l.Path.Class = ""
			out = append(out, l)
		}
	}
	return out
}
