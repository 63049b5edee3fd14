package guards

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// maxAwait bounds the calls that are followed to where a channel is waited for.
const maxAwait = 2

// awaitedBelow returns the classes of the announced channels that calls have waited for before an instruction: on every way
// to the returns that fit to what is known of the result there, as in "if err := t.await(); err != nil { return }".
func (a *analysis) awaitedBelow(fn *ssa.Function, instr ssa.Instruction, depth int) []string {
	if depth >= maxAwait || len(a.announced) == 0 {
		return nil
	}
	var out []string
	for _, u := range a.stage.uses[fn] {
		call, ok := u.Site.(*ssa.Call)
		if !ok || u.Kind != flow.Called || call.Call.StaticCallee() == nil || len(u.Callee.Blocks) == 0 || !after(call, instr) {
			continue
		}
		out = append(out, a.awaitedBy(call, u.Callee, instr, depth)...)
	}
	return out
}

// awaitedBy returns those that one call has waited for.
func (a *analysis) awaitedBy(call *ssa.Call, callee *ssa.Function, instr ssa.Instruction, depth int) []string {
	known := resultAt(call, instr)
	var out []string
	first := true
	for _, b := range callee.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == callee.Recover || !fits(ret, known) {
			continue
		}
		before := append(a.passed(callee, ret), a.awaitedBelow(callee, ret, depth+1)...)
		if first {
			out, first = before, false
			continue
		}
		out = slices.DeleteFunc(out, func(c string) bool { return !slices.Contains(before, c) })
	}
	return out
}

// resultAt returns what is known, at an instruction, of the last result of a call; with the value nil if nothing is.
func resultAt(call *ssa.Call, instr ssa.Instruction) known {
	last := call.Call.Signature().Results().Len() - 1
	for c, holds := range flow.Given(instr.Block()) {
		v := c.Value
		if x, ok := v.(*ssa.Extract); ok && x.Index == last {
			v = x.Tuple
		}
		if v == call {
			return known{c, holds}
		}
	}
	return known{}
}

// A known is a condition and whether it holds.
type known struct {
	flow.Condition
	holds bool
}

// fits reports whether a return may give what is known of the last result.
func fits(ret *ssa.Return, k known) bool {
	if k.Value == nil || len(ret.Results) == 0 {
		return true
	}
	r := ret.Results[len(ret.Results)-1]
	c, ok := r.(*ssa.Const)
	if !ok {
		return !k.holds || !strings.HasPrefix(k.Equals, "=nil") || !failure(r)
	}
	is := "=" + c.String()
	if k.Equals == "" {
		return (is == "=true:bool") == k.holds
	}
	return (is == k.Equals) == k.holds
}

// failure reports whether an error is not nil: one that is made here, a variable of a package, such as io.EOF, or what a
// context tells of its end.
func failure(v ssa.Value) bool {
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return true
	case *ssa.UnOp:
		_, global := x.X.(*ssa.Global)
		return global
	case *ssa.Call:
		if x.Call.IsInvoke() {
			return x.Call.Method.FullName() == "(context.Context).Err"
		}
		fn := x.Call.StaticCallee()
		return fn != nil && (fn.String() == "errors.New" || fn.String() == "fmt.Errorf")
	}
	return false
}
