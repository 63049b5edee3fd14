package guards

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// Order between goroutines that does not come from locks: what is before they start, and after they have ended.

// joined reports whether goroutines have been waited for on every way to an instruction, and none has been
// started since.
func (m *mixer) joined(instr ssa.Instruction) bool {
	fn := instr.Parent()
	for _, b := range fn.Blocks {
		for _, j := range b.Instrs {
			if m.isJoin(j, 0) && after(j, instr) && !startsBetween(j, instr) {
				return true
			}
		}
	}
	return false
}

// joinedAbove reports whether a caller on the way has waited before it calls.
func (m *mixer) joinedAbove(in *Situation) bool {
	for l := in.Via; l != nil; l = l.Up {
		if l.Use.Kind == flow.Called && m.joined(l.Use.Site) {
			return true
		}
	}
	return false
}

// isJoin reports whether an instruction waits for goroutines, itself or in a function of the package that does on
// every way to its end.
func (m *mixer) isJoin(instr ssa.Instruction, depth int) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	if flow.IsJoin(call) {
		return true
	}
	fn := call.Call.StaticCallee()
	if fn == nil || depth > 2 || len(fn.Blocks) == 0 {
		return false
	}
	waits, known := m.joins[fn]
	if !known {
		m.joins[fn] = false
		for _, b := range fn.Blocks {
			for _, j := range b.Instrs {
				waits = waits || m.isJoin(j, depth+1) && always(fn, b)
			}
		}
		m.joins[fn] = waits
	}
	return waits
}

// always reports whether every return of a function is behind a block.
func always(fn *ssa.Function, b *ssa.BasicBlock) bool {
	for _, r := range fn.Blocks {
		if _, ok := r.Instrs[len(r.Instrs)-1].(*ssa.Return); ok && r != fn.Recover && !b.Dominates(r) {
			return false
		}
	}
	return true
}

// startsBetween reports whether a go statement may run between two instructions, of which the first dominates the
// second.
func startsBetween(from, to ssa.Instruction) bool {
	for _, b := range from.Parent().Blocks {
		for _, g := range b.Instrs {
			if _, ok := g.(*ssa.Go); ok && after(from, g) && avoiding(g, to, from.Block()) {
				return true
			}
		}
	}
	return false
}

// beforeGo reports whether an instruction comes before all go statements of its function, and before one on
// every way to that.
func (m *mixer) beforeGo(instr ssa.Instruction) bool {
	first := false
	each := func(g ssa.Instruction) bool {
		if behind(g, instr) {
			return false
		}
		first = first || after(instr, g)
		return true
	}
	for _, b := range instr.Parent().Blocks {
		for _, g := range b.Instrs {
			if _, ok := g.(*ssa.Go); ok && !each(g) {
				return false
			}
		}
	}
	for _, u := range m.a.stage.uses[instr.Parent()] {
		if u.Kind == flow.Started && !each(u.Site) {
			return false
		}
	}
	return first
}

// behind reports whether control can get from one instruction to another.
func behind(from, to ssa.Instruction) bool { return avoiding(from, to, nil) }

// avoiding reports whether control can get from one instruction to another without entering a block.
func avoiding(from, to ssa.Instruction, not *ssa.BasicBlock) bool {
	if from.Parent() != to.Parent() {
		return false
	}
	if from.Block() == to.Block() && from != to && after(from, to) {
		return true
	}
	seen := map[*ssa.BasicBlock]bool{not: true}
	stack := append([]*ssa.BasicBlock(nil), from.Block().Succs...)
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[b] {
			continue
		}
		if b == to.Block() {
			return true
		}
		seen[b] = true
		stack = append(stack, b.Succs...)
	}
	return false
}

// received reports whether a receive comes before an instruction on every way to it: perhaps of the news
// that the others are done.
func (m *mixer) received(instr ssa.Instruction) bool {
	for _, b := range instr.Parent().Blocks {
		for _, r := range b.Instrs {
			if receives(r) && after(r, instr) {
				return true
			}
		}
	}
	return false
}

// lastOne reports whether an instruction, or a call on the way to it, runs only if an atomic Add has given a certain
// number: nobody else refers to the object any more.
func lastOne(instr ssa.Instruction, in *Situation) bool {
	if counted(instr) {
		return true
	}
	for l := in.Via; l != nil && l.Use.Kind == flow.Called; l = l.Up {
		if counted(l.Use.Site) {
			return true
		}
	}
	return false
}

func counted(instr ssa.Instruction) bool {
	for _, b := range instr.Parent().Blocks {
		cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		test, ok := cond.Cond.(*ssa.BinOp)
		if !ok || test.Op != token.EQL && test.Op != token.NEQ {
			continue
		}
		then := b.Succs[0]
		if test.Op == token.NEQ {
			then = b.Succs[1]
		}
		if _, ok := test.Y.(*ssa.Const); ok && len(then.Preds) == 1 && then.Dominates(instr.Block()) && addResult(test.X, 0) {
			return true
		}
	}
	return false
}

// addResult reports whether a value is the result of an atomic Add, perhaps returned by a function.
func addResult(v ssa.Value, depth int) bool {
	call, ok := v.(*ssa.Call)
	if !ok || depth > 2 {
		return false
	}
	fn := call.Call.StaticCallee()
	if fn == nil {
		return false
	}
	if obj := fn.Object(); obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync/atomic" {
		return strings.HasPrefix(fn.Name(), "Add")
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && len(ret.Results) == 1 && addResult(ret.Results[0], depth+1) {
			return true
		}
	}
	return false
}

// bodiless reports whether a function of the package that is not written in Go is called before an instruction on every
// way to it: it may order memory, or keep others away.
func bodiless(instr ssa.Instruction) bool {
	for _, b := range instr.Parent().Blocks {
		for _, r := range b.Instrs {
			call, ok := r.(*ssa.Call)
			if !ok {
				continue
			}
			fn := call.Call.StaticCallee()
			if fn != nil && fn.Pkg != nil && fn.Pkg == instr.Parent().Pkg && fn.Synthetic == "" && len(fn.Blocks) == 0 && after(r, instr) {
				return true
			}
		}
	}
	return false
}

func receives(instr ssa.Instruction) bool {
	switch x := instr.(type) {
	case *ssa.UnOp:
		return x.Op == token.ARROW
	case *ssa.Select:
		return true
	}
	return false
}

// mayJoin reports whether something between two instructions may wait for the goroutines: a receive, or a call of
// what is neither of the standard library nor known not to.
func (m *mixer) mayJoin(from, to ssa.Instruction) bool {
	for _, b := range from.Parent().Blocks {
		for _, i := range b.Instrs {
			if i == from || i == to || !behind(from, i) || !behind(i, to) {
				continue
			}
			call, ok := i.(*ssa.Call)
			if receives(i) || ok && !harmless(call, m.a.in.Path) {
				return true
			}
		}
	}
	return false
}

// harmless reports whether a call in the package of that path waits for no goroutine: of a builtin, and of functions of
// the standard library other than methods named Wait.
func harmless(call *ssa.Call, own string) bool {
	if _, ok := call.Call.Value.(*ssa.Builtin); ok {
		return true
	}
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Object() == nil || fn.Object().Pkg() == nil {
		return false
	}
	path := fn.Object().Pkg().Path()
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && path != own && fn.Name() != "Wait"
}

// startOf returns the go statement, or the call that starts goroutines, by which a closure, or one around it, of
// a function comes to run.
func (m *mixer) startOf(fn, above *ssa.Function) ssa.Instruction {
	for ; fn != nil && fn != above; fn = fn.Parent() {
		for _, u := range m.a.stage.uses[fn.Parent()] {
			if u.Kind == flow.Started && u.Callee == fn {
				return u.Site
			}
		}
	}
	return nil
}

// looped reports whether a goroutine is started on a cycle.
func (m *mixer) looped(start ssa.Instruction) bool { return behind(start, start) }

// ordered reports whether the goroutine of an atomic access is started by a function on the way to the plain
// one, so that meet has compared the two.
func (m *mixer) ordered(s *Site, in, oin *Situation) bool {
	r := m.t.Roots[oin.Root]
	if r.Kind != Goroutine {
		return false
	}
	if r.Site.Parent() == s.Fn {
		return true
	}
	for l := in.Via; l != nil; l = l.Up {
		if l.Use.Site.Parent() == r.Site.Parent() {
			return true
		}
	}
	return false
}
