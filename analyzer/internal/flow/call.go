package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// call returns the states after a call, one per exit of the callee that moves
// locks differently.
func (w *walker) call(st *state, instr ssa.CallInstruction, c *ssa.CallCommon) []*state {
	if w.trace {
		w.rec.traceAt(instr, st)
	}
	if e := modelled(c); e != nil {
		return w.model(st, instr, c, e)
	}
	ts := w.targets(c, instr)
	if len(ts) == 0 || ts[0].dynamic {
		method := ""
		if c.IsInvoke() && c.Method.Exported() {
			method = c.Method.Name()
		}
		fromParam := (!c.IsInvoke() || method != "") && w.callParam(st, instr, c.Value, method, nil)
		if len(ts) == 0 || fromParam && len(ts) > 1 {
			return []*state{w.unknownCall(st, c)}
		}
	}
	for _, t := range ts {
		w.rec.context(w, st, instr, t)
	}
	if len(ts) == 1 {
		return w.apply(st, instr, ts[0], nil)
	}
	for _, t := range ts {
		w.apply(st, instr, t, nil)
		st = w.releasesOf(st, t, false)
	}
	return []*state{st}
}

func (w *walker) model(st *state, instr ssa.CallInstruction, c *ssa.CallCommon, e *model.Effect) []*state {
	if e.Op != model.None {
		return w.operate(st, instr, c, e.Op)
	}
	for _, i := range e.Calls {
		if i < len(c.Args) {
			st = w.callFunc(st, instr, c.Args[i])
		}
	}
	for _, m := range e.Methods {
		if m.Arg < len(c.Args) {
			w.callMethods(st, instr, c.Args[m.Arg], m.Names)
		}
	}
	if e.Formats != nil {
		w.format(st, instr, c, e.Formats)
	}
	if e.NoReturn {
		return nil
	}
	return []*state{st}
}

// operate performs an operation on a lock.
func (w *walker) operate(st *state, instr ssa.CallInstruction, c *ssa.CallCommon, op model.Op) []*state {
	if op == model.NewCond || op == model.RLocker {
		return []*state{st}
	}
	recv := c.Value
	if !c.IsInvoke() {
		recv = c.Args[0]
	}
	if op == model.Wait {
		return []*state{w.wait(st, instr, recv)}
	}
	p := w.path(st, recv)
	mode := lockgraph.Write
	if op == model.RLock || op == model.RUnlock || op == model.TryRLock || p.Read {
		mode = lockgraph.Read
	}
	p.Read = false
	lock := summary.Lock{Path: p, Mode: mode}
	switch op {
	case model.Lock, model.RLock:
		st = w.acquire(st, instr, acquisition{lock: lock, chain: w.here(instr), always: true, conf: 100})
		return []*state{w.hold(w.settle(st), instr, summary.Held{Lock: lock, Must: true, Chain: w.here(instr)})}
	case model.TryLock, model.TryRLock:
		got := w.hold(w.settle(st), instr, summary.Held{Lock: lock, Must: true, Chain: w.here(instr)})
		v, ok := instr.(ssa.Value)
		if !ok {
			return []*state{st}
		}
		ok1 := assumeConsistent(got, summary.Lit{Path: opaque(v, ""), Val: true})
		ok2 := assumeConsistent(st, summary.Lit{Path: opaque(v, ""), Val: false})
		return compact(ok1, ok2)
	case model.Unlock, model.RUnlock:
		if _, ok := instr.(*ssa.Defer); ok && w.info.loop[instr.Block().Index] {
			st = w.releaseAll(st, lock)
		}
		return []*state{w.release(st, lock)}
	}
	return []*state{st}
}

func compact(states ...*state) []*state {
	return slices.DeleteFunc(states, func(s *state) bool { return s == nil })
}

// wait is (*sync.Cond).Wait: L is released and acquired again.
func (w *walker) wait(st *state, instr ssa.CallInstruction, cond ssa.Value) *state {
	st = w.settle(st)
	p, ok := w.condLocker(st, cond, 0)
	if !ok {
		if p, ok = w.siblingPath(w.path(st, cond)); !ok {
			return st
		}
	}
	lock := summary.Lock{Path: p}
	if p.Read {
		lock.Mode = lockgraph.Read
	}
	lock.Path.Read = false
	released := w.release(st, lock)
	w.acquire(released, instr, acquisition{lock: lock, chain: w.here(instr), always: true, conf: 100, wait: true, released: []summary.Lock{lock}})
	return st
}

// here returns the chain of one frame: the instruction itself.
func (w *walker) here(instr ssa.Instruction) *summary.Chain {
	return (*summary.Chain)(nil).Push(w.env.Frame(instr))
}

// hold adds a lock to the state. A lock of the caller's that was released here is
// the caller's again.
func (w *walker) hold(st *state, instr ssa.Instruction, h summary.Held) *state {
	c := st.clone()
	if i := slices.IndexFunc(c.rel, func(l summary.Lock) bool { return l.Path.Same(h.Path) }); i >= 0 {
		c.rel = slices.Delete(slices.Clone(c.rel), i, i+1)
		return c
	}
	if h.Mode == lockgraph.Write && slices.ContainsFunc(c.held, func(g held) bool { return g.Path.Same(h.Path) && g.Mode == lockgraph.Write }) {
		return st // a second Lock never returns; carry on as if it had not been there
	}
	if len(c.held) < maxHeld {
		c.held = append(slices.Clone(c.held), held{h, instr})
	}
	return c
}

// release removes the lock that matches best: the same in the same mode, the same,
// then one of its class that may be the same, the least known first. What was not
// held here is the caller's.
func (w *walker) release(st *state, l summary.Lock) *state {
	best, score := -1, 0
	for i, h := range st.held {
		s := 0
		switch {
		case h.Path.Same(l.Path) && h.Mode == l.Mode:
			s = 5
		case h.Path.Same(l.Path):
			s = 4
		case h.Path.Class == l.Path.Class && !h.Path.Distinct(l.Path):
			s = 2
			if h.Path.Exact() && l.Path.Exact() {
				s = 1
			}
		}
		if s > 0 && s >= score {
			best, score = i, s
		}
	}
	c := st.clone()
	if best >= 0 {
		c.held = slices.Delete(slices.Clone(c.held), best, best+1)
		return c
	}
	if l.Path.Generalize() != l.Path && w.info.locks[l.Path.Class] {
		return st // the rest of a loop that unlocks many
	}
	if !slices.Contains(c.rel, l) && len(c.rel) < maxHeld {
		c.rel = append(slices.Clone(c.rel), l)
		slices.SortFunc(c.rel, compareLocks)
	}
	return c
}

// releaseAll removes all but one of the locks of a class: a deferred unlock in a
// loop, which runs once for each.
func (w *walker) releaseAll(st *state, l summary.Lock) *state {
	c := st.clone()
	c.held = slices.DeleteFunc(slices.Clone(c.held), func(h held) bool {
		return h.Path.Class == l.Path.Class && h.Path != l.Path && !h.Path.Distinct(l.Path)
	})
	return c
}

// unknownCall is the call of a function value of which nothing is known. If an earlier
// call returned a function and left a lock held, it is taken to be what
// releases that, as in unlock := l.acquire(); defer unlock().
func (w *walker) unknownCall(st *state, c *ssa.CallCommon) *state {
	if c.IsInvoke() || len(c.Args) > 0 {
		return st
	}
	returnsFunc := func(h held) bool {
		call, ok := h.instr.(*ssa.Call)
		return ok && modelled(call.Common()) == nil && anyResult(call, isFunc)
	}
	if !slices.ContainsFunc(st.held, returnsFunc) {
		return st
	}
	n := st.clone()
	n.held = slices.DeleteFunc(slices.Clone(n.held), returnsFunc)
	return n
}

func anyResult(instr ssa.CallInstruction, f func(types.Type) bool) bool {
	for v := range instr.Common().Signature().Results().Variables() {
		if f(v.Type()) {
			return true
		}
	}
	return false
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// carriesKey reports whether a result may be the object that releases what the call
// left locked, such as a transaction.
func carriesKey(t types.Type) bool {
	if types.Identical(t, types.Universe.Lookup("error").Type()) {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Basic, *types.Signature:
		return false
	}
	return true
}

// spawn is a go statement. The locks held do not enter the goroutine, but one that it
// releases is handed to it.
func (w *walker) spawn(st *state, instr *ssa.Go) *state {
	if len(st.held) == 0 || modelled(instr.Common()) != nil {
		return st
	}
	for _, t := range w.targets(instr.Common(), instr) {
		st = w.releasesOf(st, t, false)
	}
	return st
}

func (w *walker) callMethods(st *state, instr ssa.CallInstruction, arg ssa.Value, names []string) {
	for _, alternatives := range names {
		for name := range splitBar(alternatives) {
			if t, ok := w.methodTarget(arg, name); ok {
				w.apply(st, instr, t, nil)
				break
			}
		}
	}
}

// methodTarget returns the method of an operand that was made an interface in plain
// sight.
func (w *walker) methodTarget(v ssa.Value, name string) (target, bool) {
	for {
		ci, ok := v.(*ssa.ChangeInterface)
		if !ok {
			break
		}
		v = ci.X
	}
	mi, ok := v.(*ssa.MakeInterface)
	if !ok {
		return target{}, false
	}
	fn, recv := methodOf(mi, nil, name)
	if fn == nil {
		return target{}, false
	}
	return target{fn: canon(fn), args: padded(recv, fn), conf: 100}, true
}

// padded returns the arguments of a method call of which only the receiver is known.
func padded(recv ssa.Value, fn *ssa.Function) []ssa.Value {
	args := make([]ssa.Value, max(1, len(fn.Params)))
	args[0] = recv
	return args
}

func splitBar(s string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for len(s) > 0 {
			i := 0
			for i < len(s) && s[i] != '|' {
				i++
			}
			if !yield(s[:i]) {
				return
			}
			s = s[min(i+1, len(s)):]
		}
	}
}

// format calls the methods by which fmt prints the operands.
func (w *walker) format(st *state, instr ssa.CallInstruction, c *ssa.CallCommon, f *model.Formats) {
	if f.From >= len(c.Args) {
		return
	}
	var methods []string
	if f.Verbs >= 0 {
		k, ok := c.Args[f.Verbs].(*ssa.Const)
		if !ok || k.Value == nil {
			return
		}
		if methods, ok = model.Verbs(stringConst(k)); !ok {
			return
		}
	}
	for i, op := range operands(c.Args[f.From]) {
		names := model.Stringers
		if f.Verbs >= 0 {
			if i >= len(methods) {
				break
			}
			names = methods[i]
		}
		if op != nil && names != "" {
			w.callMethods(st, instr, op, []string{names})
		}
	}
}

// operands returns the elements of a variadic argument built in plain sight.
func operands(v ssa.Value) []ssa.Value {
	s, ok := v.(*ssa.Slice)
	if !ok {
		return nil
	}
	arr, ok := s.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var ops []ssa.Value
	for _, ref := range *arr.Referrers() {
		ia, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		k, ok := ia.Index.(*ssa.Const)
		if !ok {
			continue
		}
		i := int(k.Int64())
		for len(ops) <= i && i < 256 {
			ops = append(ops, nil)
		}
		for _, r := range *ia.Referrers() {
			if store, ok := r.(*ssa.Store); ok && store.Addr == ia && i < len(ops) {
				ops[i] = store.Val
			}
		}
	}
	return ops
}

// callFunc calls a function value in place. Of what the function does to locks only
// releases count: sync.Once and the like call it once, or not at all.
func (w *walker) callFunc(st *state, instr ssa.CallInstruction, v ssa.Value) *state {
	t, ok := w.function(v, 0)
	if !ok {
		w.callParam(st, instr, v, "", nil)
		return st
	}
	t.args = make([]ssa.Value, len(t.fn.Params))
	w.rec.escape(t.fn)
	w.apply(st, instr, t, nil)
	return w.releasesOf(st, t, true)
}

// releasesOf returns st without the locks that a function releases on some exit. What
// is not held here may be the caller's, if callers asks for it and w.fn does not
// lock the class itself.
func (w *walker) releasesOf(st *state, t target, callers bool) *state {
	s := w.env.Summary(t.fn)
	if s == nil || len(st.held) == 0 && !callers {
		return st
	}
	for _, x := range s.Exits {
		for _, r := range x.Released {
			l := summary.Lock{Path: w.subst(st, t, r.Path), Mode: r.Mode}
			if callers && !w.info.locks[l.Path.Class] || slices.ContainsFunc(st.held, func(h held) bool {
				return h.Path.Same(l.Path) || h.Path.Class == l.Path.Class && !h.Path.Distinct(l.Path)
			}) {
				st = w.release(st, l)
			}
		}
	}
	return st
}

// callParam notes that a parameter or captured variable, or a method of it, is
// called; it reports whether v is one.
func (w *walker) callParam(st *state, instr ssa.CallInstruction, v ssa.Value, method string, via *summary.Event) bool {
	if v == nil {
		return false
	}
	p := w.path(st, v)
	if p.Kind != ident.Param && p.Kind != ident.Free || p.Steps != "" && p.Steps != "^" {
		return false
	}
	ev := summary.Event{Kind: summary.CallParam, Method: method, Lock: summary.Lock{Path: p}, Conf: 100, Always: true, Chain: w.here(instr)}
	var inner []summary.Held
	var released []summary.Lock
	if via != nil {
		ev.Chain = via.Chain.Push(w.env.Frame(instr))
		ev.Conf, ev.Always = via.Conf, via.Always
		inner, released = via.Inner, via.Released
	}
	w.rec.event(w, st, instr, ev, inner, released)
	return true
}

// apply applies the summary of a target. via is the event that leads to the call
// if it is not w.fn itself that makes it: a callee calling the function it was given.
func (w *walker) apply(st *state, instr ssa.CallInstruction, t target, via *summary.Event) []*state {
	s := w.env.Summary(t.fn)
	if s == nil {
		return []*state{st}
	}
	var inner []summary.Held    // held by the callee in between
	var released []summary.Lock // and released by it
	if via != nil {
		inner, released = via.Inner, via.Released
	}
	frame := w.env.Frame(instr)
	for i := range s.Events {
		w.applyEvent(st, instr, t, &s.Events[i], via, inner, released, frame)
	}
	if via != nil || !s.Returns() && !s.Truncated {
		if via != nil {
			return []*state{st}
		}
		return nil
	}
	if !s.Moves() {
		return []*state{st}
	}
	var outs []*state
	for _, x := range s.Exits {
		if o := w.applyExit(st, instr, t, x, frame); o != nil {
			outs = append(outs, o)
		}
	}
	return outs
}

func (w *walker) applyEvent(st *state, instr ssa.CallInstruction, t target, e *summary.Event, via *summary.Event, inner []summary.Held, released []summary.Lock, frame lockgraph.Frame) {
	cond, ok := w.conditions(st, t, e.Cond)
	if !ok {
		return
	}
	chain := e.Chain
	if chain.Len > 1 && isWrapper(t.fn) {
		chain = chain.Next // wrappers are not shown
	}
	if via != nil {
		// The frames from here to the call of the function, then those inside it.
		for _, f := range slices.Backward(via.Chain.Frames()) {
			chain = chain.Push(f)
		}
	}
	chain = chain.Push(frame)
	in := slices.Clone(inner)
	for _, h := range e.Inner {
		h = w.substHeld(st, t, h)
		if h.Chain != nil {
			h.Chain = h.Chain.Push(frame)
		}
		in = append(in, h)
	}
	rel := slices.Clone(released)
	for _, r := range e.Released {
		rel = append(rel, summary.Lock{Path: w.subst(st, t, r.Path), Mode: r.Mode})
	}
	conf := e.Conf * t.conf / 100
	always := e.Always
	if via != nil {
		conf, always = conf*via.Conf/100, always && via.Always
	}
	if e.Kind == summary.CallParam {
		w.applyCallParam(st, instr, t, summary.Event{Method: e.Method, Inner: in, Released: rel, Conf: conf, Always: always, Chain: chain}, e.Lock.Path)
		return
	}
	lock := summary.Lock{Path: w.subst(st, t, e.Lock.Path), Mode: e.Lock.Mode}
	if lock.Path.Read {
		lock.Mode, lock.Path.Read = lockgraph.Read, false
	}
	w.acquire(st, instr, acquisition{lock: lock, chain: chain, inner: in, outer: len(inner), released: rel, cond: cond, always: always, conf: conf, callee: t.fn})
}

// maxCallbacks bounds the callbacks within callbacks that are followed.
const maxCallbacks = 4

// applyCallParam expands a callee's call of a function it was given.
func (w *walker) applyCallParam(st *state, instr ssa.CallInstruction, t target, via summary.Event, p ident.Path) {
	if w.depth >= maxCallbacks {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	// via.Chain starts with the frame in w.fn, which apply adds again.
	via.Chain = via.Chain.Next
	var arg ssa.Value
	switch {
	case p.Kind == ident.Param && p.Index() < len(t.args):
		arg = t.args[p.Index()]
	case p.Kind == ident.Free && p.Index() < len(t.free):
		arg = t.free[p.Index()]
		if a, ok := arg.(*ssa.Alloc); ok {
			arg = w.info.cells[a].single()
		}
	}
	if arg == nil {
		return
	}
	var f target
	var ok bool
	if via.Method == "" {
		f, ok = w.function(arg, 0)
		if ok {
			f.args = make([]ssa.Value, len(f.fn.Params))
		}
	} else {
		f, ok = w.methodTarget(arg, via.Method)
	}
	if !ok {
		w.callParam(st, instr, arg, via.Method, &via)
		return
	}
	if f.fn == w.fn {
		return
	}
	w.rec.escape(f.fn)
	w.apply(st, instr, f, &via)
}

// conditions substitutes a callee's conditions. ok is false if one cannot hold.
func (w *walker) conditions(st *state, t target, lits []summary.Lit) (out []summary.Lit, ok bool) {
	for _, l := range lits {
		m, known, ok := w.substLit(st, t, l)
		if !ok {
			continue
		}
		if known {
			if m.Val != l.Val {
				return nil, false
			}
			continue
		}
		m.Val = l.Val
		if val, known := st.lookup(m); known {
			if val != m.Val {
				return nil, false
			}
			continue
		}
		out = append(out, m)
	}
	return out, true
}

// substLit expresses a callee's condition here; if it is decided, known is set
// and the literal's Val is the truth of the condition.
func (w *walker) substLit(st *state, t target, l summary.Lit) (m summary.Lit, known, ok bool) {
	m = l
	if l.Path.Kind == ident.Param && l.Path.Steps == "" {
		i := l.Path.Index()
		if i < 0 || i >= len(t.args) || t.args[i] == nil {
			return m, false, false
		}
		arg := t.args[i]
		if c, isConst := arg.(*ssa.Const); isConst {
			switch {
			case l.Op == "":
				if b, ok := boolConst(c); ok {
					m.Val = b
					return m, true, true
				}
			case len(l.Op) > 2 && l.Op[:2] == "==":
				m.Val = constText(c) == l.Op[2:]
				return m, true, true
			}
			return m, false, false
		}
		if l.Op == "" {
			lit, known, ok := w.condition(st, arg)
			if !ok {
				return m, false, false
			}
			if known {
				m.Val = lit.Val
				return m, true, true
			}
			if !lit.Val {
				return m, false, false // negated: not expressed
			}
			return lit, false, true
		}
		if l.Op == "==nil" && neverNil(arg) {
			m.Val = false
			return m, true, true
		}
		m.Path = w.path(st, arg)
		return m, false, true
	}
	m.Path = w.subst(st, t, l.Path)
	return m, false, m.Path.Kind != ident.Unknown
}

// applyExit applies one way in which the callee returns; nil if it cannot.
func (w *walker) applyExit(st *state, instr ssa.CallInstruction, t target, x summary.Exit, frame lockgraph.Frame) *state {
	if _, ok := w.conditions(st, t, x.Cond); !ok {
		return nil
	}
	for _, l := range x.Cond {
		if m, known, ok := w.substLit(st, t, l); ok && !known {
			m.Val = l.Val
			if st = assumeConsistent(st, m); st == nil {
				return nil
			}
		}
	}
	for _, r := range x.Released {
		st = w.release(st, summary.Lock{Path: w.subst(st, t, r.Path), Mode: r.Mode})
	}
	for _, h := range x.Acquired {
		p, viaResult := w.resultPath(instr, h.Path)
		if !viaResult {
			p = w.subst(st, t, h.Path)
		}
		if p.Kind == ident.Unknown {
			continue
		}
		l := summary.Lock{Path: p, Mode: h.Mode}
		if p.Read {
			l.Mode, l.Path.Read = lockgraph.Read, false
		}
		loose := !viaResult && anyResult(instr, carriesKey)
		st = w.hold(w.settle(st), instr, summary.Held{Lock: l, Loose: loose, Must: h.Must, Leak: h.Leak, Chain: h.Chain.Push(frame)})
	}
	for _, r := range x.Rets {
		v := resultValue(instr, r.Result)
		if v == nil {
			continue
		}
		lit := summary.Lit{Path: opaque(v, ""), Val: r.Val}
		if r.Nil {
			lit.Op = "==nil"
		}
		if st = assumeConsistent(st, lit); st == nil {
			return nil
		}
	}
	return st
}

// resultPath expresses a path rooted at a result of the callee.
func (w *walker) resultPath(instr ssa.CallInstruction, p ident.Path) (ident.Path, bool) {
	if p.Kind != ident.Result {
		return p, false
	}
	v := resultValue(instr, p.Index())
	if v == nil {
		return p.Forget(), true
	}
	return opaque(v, "").Extend(p), true
}

// resultValue returns the value of a call's i-th result, nil if it is not used.
func resultValue(instr ssa.CallInstruction, i int) ssa.Value {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return nil
	}
	if call.Call.Signature().Results().Len() == 1 {
		return call
	}
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == i {
			return e
		}
	}
	return nil
}

// subst expresses a callee's path here.
func (w *walker) subst(st *state, t target, p ident.Path) ident.Path {
	var base ident.Path
	switch p.Kind {
	case ident.Param:
		i := p.Index()
		if i < 0 || i >= len(t.args) || t.args[i] == nil {
			return p.Forget()
		}
		base = w.path(st, t.args[i])
	case ident.Free:
		i := p.Index()
		if i >= 0 && i < len(t.held) && t.held[i] != nil && len(p.Steps) > 0 && p.Steps[0] == '^' {
			p.Steps = p.Steps[1:]
			base = w.path(st, t.held[i])
			break
		}
		if i < 0 || i >= len(t.free) || t.free[i] == nil {
			return p.Forget()
		}
		v := t.free[i]
		if len(p.Steps) > 0 && p.Steps[0] == '^' {
			p.Steps = p.Steps[1:]
			if base = w.cellContent(st, v); base.Kind == ident.Unknown {
				return p.Forget()
			}
		} else {
			base = w.path(st, v)
		}
	default:
		return p
	}
	q := w.rewire(st, base.Extend(p))
	if q.Len() > ident.MaxSteps || q.Kind == ident.Unknown {
		return q.Forget()
	}
	return q
}

// cellContent returns the path of what a captured variable holds.
func (w *walker) cellContent(st *state, v ssa.Value) ident.Path {
	switch v := v.(type) {
	case *ssa.Alloc:
		if val := w.info.cells[v].single(); val != nil {
			return w.path(st, val)
		}
		if c := w.info.cells[v]; c != nil && !c.escapes && isBool(v) {
			return ident.Root(ident.Alloc, v.Name(), allocClass(v)).Deref()
		}
	case *ssa.FreeVar:
		if i := freeIndex(w.fn, v); i >= 0 && !storesFree(w.fn, i, 0) {
			return ident.Root(ident.Free, itoa(i), "").Deref()
		}
	}
	return ident.Path{}
}

func (w *walker) substHeld(st *state, t target, h summary.Held) summary.Held {
	h.Path = w.subst(st, t, h.Path)
	if h.Path.Read {
		h.Mode, h.Path.Read = lockgraph.Read, false
	}
	return h
}
