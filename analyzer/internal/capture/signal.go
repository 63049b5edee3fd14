package capture

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// An op is what an instruction does to something by which goroutines wait for each other.
type op struct {
	at     origin
	signal bool
	wait   bool
	weak   bool // as a wait: it may be one
	value  bool // as a signal: a function value is called
	ctx    bool // as a wait: only for the end of a context
	all    bool // as a wait: for all goroutines to end or to block, without a signal
	sends  bool // it sends to a channel
	frees  bool // it receives from a channel with room for more than one value
	fills  bool // as a wait: it sends to such a channel until that is full
	state  int  // case of a select; -1 otherwise
}

// satisfies reports whether a signal may be what a wait waits for.
func (o *op) satisfies(wait *op) bool {
	if wait.fills {
		return o.frees && o.at.meets(wait.at)
	}
	return o.signal && wait.wait && (!wait.ctx || o.value) && o.at.meets(wait.at)
}

// opsOf returns what an instruction does, with the literals that it runs in place.
func (f *family) opsOf(instr ssa.Instruction) []op {
	ops, ok := f.ops[instr]
	if ok {
		return ops
	}
	f.ops[instr] = nil // literals that call each other
	switch x := instr.(type) {
	case *ssa.Send:
		ops = []op{f.channel(x.Chan, true, -1)}
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			ops = []op{f.channel(x.X, false, -1)}
		}
	case *ssa.Select:
		for i, s := range x.States {
			ops = append(ops, f.channel(s.Chan, s.Dir == types.SendOnly, i))
		}
	case *ssa.Go:
	case ssa.CallInstruction:
		if lits := f.here[x]; lits != nil {
			for _, lit := range lits {
				flow.EachInstr(lit, func(in ssa.Instruction) {
					for _, o := range f.opsOf(in) {
						o.state = -1
						ops = append(ops, o)
					}
				})
				ops = append(ops, f.fillsHere(lit)...)
			}
		}
		ops = append(ops, f.callOps(x.Common())...)
	}
	f.ops[instr] = ops
	return ops
}

// channel returns what an operation on a channel does. Unless the channel has room for more than
// one value, a send also waits for a receive.
func (f *family) channel(ch ssa.Value, send bool, state int) op {
	o := op{at: f.origin(ch), signal: send, wait: !send, sends: send, state: state}
	if mk, ok := o.at.root.(*ssa.MakeChan); ok {
		c, ok := mk.Size.(*ssa.Const)
		if !ok || c.Value == nil {
			o.frees = !send
			return o
		}
		if n, exact := constant.Int64Val(constant.ToInt(c.Value)); !exact || n > 1 {
			o.frees = !send
			return o
		}
	}
	o.signal, o.wait = true, true
	return o
}

// harmless are packages whose functions neither wait for others nor tell them anything.
var harmless = map[string]bool{
	"log": true, "log/slog": true, "strings": true, "strconv": true, "errors": true, "bytes": true, "math": true, "sort": true,
	"slices": true, "maps": true, "time": true, "unicode": true, "unicode/utf8": true, "reflect": true, "testing": true, "runtime": true, "math/rand": true,
}

// callOps returns what a call does by itself.
func (f *family) callOps(c *ssa.CallCommon) []op {
	if b, ok := c.Value.(*ssa.Builtin); ok {
		if b.Name() == "close" {
			return []op{{at: f.origin(c.Args[0]), signal: true, state: -1}}
		}
		return nil
	}
	fn := calleeObject(c)
	if fn == nil || fn.Pkg() == nil {
		return append(f.opaque(c), op{at: f.origin(c.Value), signal: true, wait: true, weak: true, value: true, state: -1})
	}
	recv := receiver(c)
	path := fn.Pkg().Path()
	switch {
	case path == "sync/atomic":
		if recv == nil && len(c.Args) > 0 {
			recv = c.Args[0]
		}
		return []op{{at: f.origin(recv), signal: true, wait: true, weak: true, state: -1}}
	case strings.HasSuffix(path, "/synctest") && fn.Name() == "Wait":
		return []op{{wait: true, all: true, state: -1}}
	case path == "sync" && recv != nil:
		return f.syncOps(fn, recv)
	case strings.HasSuffix(path, "golang.org/x/sync/errgroup") && recv != nil && fn.Name() == "Wait":
		return []op{{at: f.origin(recv), wait: true, state: -1}}
	case harmless[path] || path == "fmt" && !strings.HasPrefix(fn.Name(), "F"):
		return nil
	}
	if e := model.Lookup(fn); e != nil {
		switch e.Op {
		case model.Lock, model.RLock, model.TryLock, model.TryRLock:
			return []op{{at: f.origin(recv), wait: true, weak: true, state: -1}}
		case model.Unlock, model.RUnlock:
			return []op{{at: f.origin(recv), signal: true, state: -1}}
		}
		if len(e.Spawns) > 0 {
			return nil
		}
	}
	return f.opaque(c)
}

func (f *family) syncOps(fn *types.Func, recv ssa.Value) []op {
	o := op{at: f.origin(recv), state: -1}
	switch fn.Name() {
	case "Done", "Add", "Signal", "Broadcast", "Unlock", "RUnlock":
		o.signal = true
	case "Wait":
		o.wait = true
	case "Lock", "RLock", "TryLock", "TryRLock":
		o.wait, o.weak = true, true
	case "Do": // of a Once
		o.signal, o.wait = true, true
	case "Go": // of a WaitGroup
		return nil
	default: // of a Map or Pool
		o.signal, o.wait, o.weak = true, true, true
	}
	return []op{o}
}

// opaque returns what a function that is not known may do to what it is given. It may call literals, and may come
// back only if one of them has found what it waits for.
func (f *family) opaque(c *ssa.CallCommon) []op {
	var ops []op
	add := func(v ssa.Value) {
		t := v.Type()
		switch {
		case isContext(t):
			ops = append(ops, op{at: f.origin(v), wait: true, weak: true, ctx: true, state: -1})
		case mayWait(t, 0):
			ops = append(ops, op{at: f.origin(v), signal: true, wait: true, weak: true, state: -1})
		}
	}
	args := c.Args
	if c.IsInvoke() {
		add(c.Value)
	}
	for _, a := range args {
		for {
			if mi, ok := a.(*ssa.MakeInterface); ok {
				a = mi.X
				continue
			}
			if ct, ok := a.(*ssa.ChangeType); ok {
				a = ct.X
				continue
			}
			break
		}
		if mc := f.closure(a); mc != nil {
			for _, b := range mc.Bindings {
				add(b)
			}
			flow.EachInstr(mc.Fn.(*ssa.Function), func(in ssa.Instruction) {
				for _, o := range f.opsOf(in) {
					o.weak, o.state = true, -1
					ops = append(ops, o)
				}
			})
			continue
		}
		add(a)
	}
	return ops
}

// closure returns the literal that a value is; nil if it is none.
func (f *family) closure(v ssa.Value) *ssa.MakeClosure {
	if load, ok := v.(*ssa.UnOp); ok {
		if a := f.cell(load.X); a != nil && len(f.cells[a]) == 1 {
			v = f.cells[a][0].Val
		}
	}
	mc, _ := v.(*ssa.MakeClosure)
	return mc
}

// signals returns the signals that the goroutine of an access gives after it, with those that others
// give who wait for one of these.
func (f *family) signals(x *Access, c context) []op {
	var out []op
	take := func(instr ssa.Instruction) {
		for _, o := range f.opsOf(instr) {
			if o.signal || o.frees && !f.inLoop(instr) {
				out = append(out, o)
			}
		}
	}
	instr := x.Instr
	for i := len(c); ; i-- {
		following(instr, take)
		flow.EachInstr(instr.Parent(), func(in ssa.Instruction) {
			if d, ok := in.(*ssa.Defer); ok {
				take(d)
			}
		})
		if i == 0 {
			break
		}
		r := c[i-1]
		if r.Kind.Starts() {
			out = slices.DeleteFunc(out, func(o op) bool { return !o.signal && !f.bounded(r, o.at) })
			out = append(out, f.done(r)...)
			break
		}
		instr = r.Site
	}
	return f.passedOn(out)
}

// done returns the signals by which a goroutine tells that it has ended.
func (f *family) done(r *Run) []op {
	if r.Kind == Go {
		return nil
	}
	var out []op
	c := r.Site.Common()
	if v, ok := r.Site.(ssa.Value); ok {
		out = append(out, op{at: f.origin(v), signal: true, state: -1})
	}
	for _, a := range c.Args {
		if _, ok := a.(*ssa.MakeClosure); !ok {
			out = append(out, op{at: f.origin(a), signal: true, value: true, state: -1})
		}
	}
	return out
}

// passedOn adds the signals that members of the family give after they have waited for one of those
// given, and what goroutines that are not literals may.
func (f *family) passedOn(out []op) []op {
	done := map[ssa.Instruction]bool{}
	for changed := true; changed; {
		changed = false
		for _, fn := range f.members {
			flow.EachInstr(fn, func(instr ssa.Instruction) {
				if done[instr] {
					return
				}
				if g, ok := instr.(*ssa.Go); ok {
					ops := f.opaque(&g.Call)
					if matched(out, ops, true) {
						done[instr], changed = true, true
						out = append(out, ops...)
					}
					return
				}
				if _, ok := instr.(*ssa.Defer); ok || !matched(out, f.opsOf(instr), false) {
					return
				}
				done[instr], changed = true, true
				following(instr, func(in ssa.Instruction) {
					for _, o := range f.opsOf(in) {
						if o.signal {
							out = append(out, o)
						}
					}
				})
			})
		}
	}
	return out
}

// matched reports whether one of the signals is what one of the waits waits for.
func matched(signals, waits []op, weak bool) bool {
	for i := range waits {
		if waits[i].wait && (weak || !waits[i].weak) && (waits[i].all || heard(signals, &waits[i])) {
			return true
		}
	}
	return false
}

func heard(signals []op, wait *op) bool {
	for k := range signals {
		if signals[k].satisfies(wait) {
			return true
		}
	}
	return false
}

// following calls take for the instructions that may run after another in its function.
func following(instr ssa.Instruction, take func(ssa.Instruction)) {
	b := instr.Block()
	past := false
	for _, in := range b.Instrs {
		if past {
			take(in)
		}
		past = past || in == instr
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := append([]*ssa.BasicBlock(nil), b.Succs...)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		for _, in := range b.Instrs {
			take(in)
		}
		work = append(work, b.Succs...)
	}
}
