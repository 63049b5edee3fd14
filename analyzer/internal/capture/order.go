package capture

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
)

// Confidence in what is not certain.
const (
	certain   = 90
	between   = 45 // a join on some of the paths, or a call that may be one
	elsewhere = 50 // the goroutine waits for something that is not seen
	timed     = 50 // a timer must run out in time
	served    = 45 // a request must come in time
	requests  = 65 // two requests at the same time
)

// A side is one access with one of its contexts.
type side struct {
	*Access
	c context
}

// at returns the instruction by which the function at depth k of the context comes to the access.
func (s side) at(k int) ssa.Instruction {
	if k < len(s.c) {
		return s.c[k].Site
	}
	return s.Instr
}

// comes returns the same, or what the access itself comes before.
func (s side) comes(k int) ssa.Instruction {
	if k < len(s.c) {
		return s.c[k].Site
	}
	return s.when
}

// start returns the depth of the first start of a goroutine from depth k; -1 if there is none.
func (s side) start(k int) int {
	for i := k; i < len(s.c); i++ {
		if s.c[i].Kind.Starts() {
			return i
		}
	}
	return -1
}

// pair weighs two accesses in two contexts. It returns 0 if they do not race, and the side
// whose goroutine is started first as x.
func (f *family) pair(v *variable, x, y side) (conf int, first side, kind RaceKind) {
	k := 0
	for k < len(x.c) && k < len(y.c) && x.c[k] == y.c[k] {
		k++
	}
	one, perhaps := f.excluded(v, x, y)
	if one || f.locked(x, y, k) {
		return 0, x, 0
	}
	if perhaps {
		defer func() { conf = min(conf, between) }()
	}
	for i := 0; i < k; i++ { // two rounds of the same start
		if c := f.selfPair(v, x, y, i); c > conf {
			conf, first, kind = c, x, Self
		}
	}
	if x.Instr == y.Instr && k == len(x.c) || k == len(x.c) && k == len(y.c) {
		return weakened(conf, x, y), first, kind
	}
	xs, ys := x.start(k), y.start(k)
	switch {
	case xs < 0 && ys < 0:
	case ys < 0:
		if c := f.beside(v, x, y, k); c > conf {
			conf, first, kind = c, x, Parent
		}
	case xs < 0:
		if c := f.beside(v, y, x, k); c > conf {
			conf, first, kind = c, y, Parent
		}
	default:
		for _, o := range [][2]side{{x, y}, {y, x}} {
			if c := f.beside(v, o[0], o[1], k); c > conf {
				conf, first, kind = c, o[0], Sibling
			}
		}
	}
	return weakened(conf, x, y), first, kind
}

// selfPair weighs two accesses in two goroutines that the same instruction at depth i has led to.
func (f *family) selfPair(v *variable, x, y side, i int) int {
	s := x.start(i)
	if s < 0 || s >= len(y.c) || x.c[s] != y.c[s] {
		return 0
	}
	r := x.c[s]
	c := certain
	switch r.Kind {
	case Handler:
		c = requests
		if f.in.InTest(x.Fn) {
			c = served
		}
	case Timer:
		c = timed
	case Subtest:
		if !afterParallel(x, s) || !afterParallel(y, s) {
			return 0
		}
	case Group:
		if f.limited(r) {
			return 0
		}
	}
	if chosen(x) || chosen(y) {
		c = min(c, between)
	}
	if onceIn(x, i) && onceIn(y, i) {
		return 0
	}
	if i == s && (r.Kind == Handler || r.Kind == Parallel) {
		return c
	}
	return min(c, f.beside(v, x, y, i))
}

// onceIn reports whether a sync.Once runs an access, from depth i of its context.
func onceIn(x side, i int) bool {
	return slices.ContainsFunc(x.c[i:], func(r *Run) bool { return r.Once })
}

// afterParallel reports whether an access runs beside other subtests.
func afterParallel(x side, s int) bool {
	at := x.comes(s + 1)
	found := false
	flow.EachInstr(at.Parent(), func(in ssa.Instruction) { found = found || isParallel(in) && flow.Before(in, at) })
	return found
}

// chosen reports whether an access is made only if some value equals a constant: perhaps
// that is so in one of the goroutines only.
func chosen(x side) bool {
	for _, b := range x.Fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		test, ok := br.Cond.(*ssa.BinOp)
		if !ok || test.Op != token.EQL && test.Op != token.NEQ {
			continue
		}
		if bt, ok := test.X.Type().Underlying().(*types.Basic); !ok || bt.Info()&types.IsConstType == 0 {
			continue
		}
		s := b.Succs[0]
		if test.Op == token.NEQ {
			s = b.Succs[1]
		}
		if len(s.Preds) == 1 && s.Dominates(x.Instr.Block()) {
			return true
		}
	}
	return false
}

// limited reports whether a group runs one goroutine at a time.
func (f *family) limited(r *Run) bool {
	recv := receiver(r.Site.Common())
	if recv == nil {
		return false
	}
	at := f.origin(recv)
	found := false
	for _, fn := range f.members {
		flow.EachInstr(fn, func(in ssa.Instruction) {
			call, ok := in.(*ssa.Call)
			if !ok || found {
				return
			}
			if o := calleeObject(&call.Call); o == nil || o.Name() != "SetLimit" {
				return
			}
			if c, ok := call.Call.Args[len(call.Call.Args)-1].(*ssa.Const); ok && c.Value != nil && c.Int64() == 1 {
				found = f.origin(receiver(&call.Call)).meets(at)
			}
		})
	}
	return found
}

// beside weighs whether y can run after the goroutine of x was started and before that has told that it has
// done x. Both have the first k runs in common.
func (f *family) beside(v *variable, x, y side, k int) int {
	s, t := x.start(k), y.start(k)
	conf := certain
	switch kind := x.c[s].Kind; {
	case (kind == Subtest) != (t >= 0 && y.c[t].Kind == Subtest):
		return 0 // one waits for the function to return
	case kind == Subtest && (!afterParallel(x, s) || !afterParallel(y, t)):
		return 0
	case kind == Parallel:
		return 0
	case kind == Timer:
		conf = timed
	case kind == Handler:
		conf = served
	}
	if t >= 0 && (y.c[t].Kind == Timer || y.c[t].Kind == Handler) {
		conf = min(conf, timed)
	}
	if t >= 0 && y.c[t].Kind == Parallel {
		return 0
	}
	h := x.comes(k).Parent()
	signals := f.signals(x.Access, x.c)
	waits := f.waits(x, s)
	if t >= 0 && matched(f.signals(y.Access, y.c), waits, false) {
		return 0 // y comes first
	}
	for i := s; i > k && conf > 0; i-- { // from the start to where the common function goes on
		conf = min(conf, f.leaves(x.goesOn(i), signals))
	}
	again := ssa.Instruction(nil)
	if h == v.in {
		again = v.alloc
	}
	at := 0
	for _, from := range x.goesOn(k) {
		at = max(at, f.after(x, y, k, from, signals, waits, again))
	}
	conf = min(conf, at)
	for i := k + 1; i <= len(y.c) && conf > 0; i++ {
		at := y.comes(i)
		ends := []ssa.Instruction{at}
		if i < len(y.c) && y.c[i].Kind == Deferred {
			ends = runDefers(at.Parent())
			conf = min(conf, f.between(at.Parent(), at, ends, signals, nil))
		}
		conf = min(conf, f.between(at.Parent(), nil, ends, signals, nil))
	}
	return conf
}

// after weighs whether the function at depth k of both, which from has led to the goroutine of x, comes to y before
// that has told that it has done x.
func (f *family) after(x, y side, k int, from ssa.Instruction, signals, waits []op, again ssa.Instruction) int {
	h, to := from.Parent(), y.comes(k)
	ends := []ssa.Instruction{to}
	conf := certain
	if k < len(y.c) && y.c[k].Kind == Deferred {
		if f.joinedAfter(to, signals) {
			return 0
		}
		ends = runDefers(h)
		switch {
		case x.c[k].Kind == Deferred:
			switch {
			case !f.reaches(h, to, x.comes(k), &cuts{again: again}):
				return 0 // what is deferred later runs earlier
			case len(waits) > 0:
				return elsewhere
			}
			return certain
		case !f.reaches(h, to, from, nil): // deferred after the start, if at all
			conf = min(f.between(h, from, []ssa.Instruction{to}, signals, again), f.between(h, to, ends, signals, again))
		}
	}
	conf = min(conf, f.between(h, from, ends, signals, again))
	for i := range waits {
		if conf == 0 {
			return 0
		}
		conf = min(conf, f.released(h, from, ends, &waits[i], signals, again))
	}
	return conf
}

// goesOn returns the instructions behind which the function at depth k of the context goes on when it has come to
// the access: what is deferred runs where the function ends.
func (s side) goesOn(k int) []ssa.Instruction {
	at := s.comes(k)
	if k < len(s.c) && s.c[k].Kind == Deferred {
		return runDefers(at.Parent())
	}
	return []ssa.Instruction{at}
}

// waits returns what the goroutine of x, started at depth s, waits for before the access.
func (f *family) waits(x side, s int) []op {
	var out []op
	for i := s + 1; i <= len(x.c); i++ {
		out = append(out, f.waitsBefore(x.comes(i))...)
	}
	return out
}

// between weighs the paths from one instruction to others without a join.
func (f *family) between(fn *ssa.Function, from ssa.Instruction, ends []ssa.Instruction, signals []op, again ssa.Instruction) int {
	best := 0
	for _, to := range ends {
		strong := f.cutsOf(fn, signals, false, from, to)
		strong.again = again
		if !f.reaches(fn, from, to, strong) {
			continue
		}
		c := certain
		weak := f.cutsOf(fn, signals, true, from, to)
		weak.again = again
		if !f.reaches(fn, from, to, weak) {
			c = between
		}
		for join := range strong.instrs { // on some of the paths
			if _, ok := join.(*ssa.Select); !ok && f.reaches(fn, from, join, &cuts{again: again}) && f.reaches(fn, join, to, &cuts{again: again}) {
				c = between
			}
		}
		best = max(best, c)
	}
	return best
}

// leaves weighs whether a function can end after it has started a goroutine, without waiting for it.
func (f *family) leaves(starts []ssa.Instruction, signals []op) int {
	best := 0
	for _, start := range starts {
		var ends []ssa.Instruction
		flow.EachInstr(start.Parent(), func(in ssa.Instruction) {
			if _, ok := in.(*ssa.Return); ok {
				ends = append(ends, in)
			}
		})
		best = max(best, f.between(start.Parent(), start, ends, signals, nil))
	}
	return best
}

func runDefers(fn *ssa.Function) []ssa.Instruction {
	var out []ssa.Instruction
	flow.EachInstr(fn, func(in ssa.Instruction) {
		if _, ok := in.(*ssa.RunDefers); ok {
			out = append(out, in)
		}
	})
	return out
}

// joinedAfter reports whether a call that is deferred later, and so runs earlier, is a join.
func (f *family) joinedAfter(d ssa.Instruction, signals []op) bool {
	found := false
	following(d, func(in ssa.Instruction) {
		if later, ok := in.(*ssa.Defer); ok && matched(signals, f.opsOf(later), true) {
			found = true
		}
	})
	return found
}

// released weighs the paths to the ends from where h gives what the goroutine waits for.
func (f *family) released(h *ssa.Function, from ssa.Instruction, ends []ssa.Instruction, wait *op, signals []op, again ssa.Instruction) int {
	best, seen := 0, false
	flow.EachInstr(h, func(in ssa.Instruction) {
		if !heard(f.opsOf(in), wait) {
			return
		}
		seen = true
		starts := []ssa.Instruction{in}
		if _, ok := in.(*ssa.Defer); ok {
			starts = runDefers(h)
		}
		for _, start := range starts {
			if !f.reaches(h, from, start, &cuts{again: again}) {
				start = from
			}
			best = max(best, f.between(h, start, ends, signals, again))
		}
	})
	if !seen {
		if f.outside(wait.at) {
			return certain
		}
		return elsewhere
	}
	return best
}

// outside reports whether a wait is for time, or for the end of the caller's context.
func (f *family) outside(at origin) bool {
	switch root := at.root.(type) {
	case *ssa.Parameter:
		return isContext(root.Type())
	case *ssa.Call:
		fn := calleeObject(&root.Call)
		return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "time"
	}
	return false
}
