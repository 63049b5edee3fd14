package held

import (
	"cmp"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// A Keep is an exit at which a lock is held that the function releases on another way.
type Keep struct {
	Held      summary.Held
	Fn        *effects.Func
	First     V    // the acquisition, or the call that left the lock held
	Exit      V    // a Return, a Panic that is recovered, or the call of runtime.Goexit
	All       bool // held on every path to Exit
	Decided   bool // somewhere behind First a branch leads to Exit and to no release any more
	Elsewhere V    // releases it on another way
	Told      bool // a result tells the caller that this way is another one
}

// keeping is what the walk notes of exits and releases.
type keeping struct {
	exits   map[V][]exitState
	freed   map[V][]V // acquisition -> its releases
	unlocks map[unlockID]*unlocking
	own     map[V]ident.Path    // acquisitions here, of what nobody had before
	borrows map[V]ident.Path    // acquisitions that gave a lock back to the caller
	tries   map[V]ident.Path    // attempts
	keys    map[V]bool          // calls that left a lock held and returned what may release it
	doubled map[ident.Path]bool // locked by who held them: what comes behind is never reached
}

// An exitState is one state at an exit.
type exitState struct {
	held  []held
	rets  []summary.RetLit
	told  bool
	given bool // a result is the object whose lock is held
}

func (k *keeping) init() {
	*k = keeping{
		exits: map[V][]exitState{}, freed: map[V][]V{},
		unlocks: map[unlockID]*unlocking{}, own: map[V]ident.Path{}, borrows: map[V]ident.Path{},
		tries: map[V]ident.Path{}, keys: map[V]bool{},
		doubled: map[ident.Path]bool{},
	}
}

// exit notes a state at an exit; given says that a result is what contains a lock that is held.
func (k *keeping) exit(w *walker, st *state, at V, rets []summary.RetLit, given bool) {
	var hs []held
	for _, h := range st.held {
		if h.Must && (!h.Loose || k.keys[h.instr] && w.keyLost(h.instr, at)) && !h.Leak && h.Path.Exact() && !w.Fresh(h.Path, at) && !remembered(st, h.Path) {
			hs = append(hs, h)
		}
	}
	s := exitState{held: hs, rets: rets, told: given || tells(w.fn, rets), given: given}
	for _, o := range k.exits[at] {
		if slices.EqualFunc(o.held, s.held, func(a, b held) bool { return a.Lock == b.Lock && a.instr == b.instr }) && slices.Equal(o.rets, s.rets) {
			return
		}
	}
	k.exits[at] = append(k.exits[at], s)
}

// keyLost reports whether all that a call returned by which somebody could release what it left held is gone at an exit: the call made
// it, nobody else has got it, and the function does not return it.
func (w *walker) keyLost(call, exit V) bool {
	if w.At(call).How != effects.AtOnce {
		return false
	}
	ret := w.At(exit)
	if ret.Op == effects.Return && slices.ContainsFunc(ret.Args, func(v V) bool {
		in := w.At(v)
		return in.Op != effects.Const && in.Type != nil && (carriesKey(in.Type) || in.Type.Kind == effects.Signature)
	}) {
		return false
	}
	t := w.At(call).Type
	results := []*effects.Type{t}
	if t.Kind == effects.Tuple {
		results = t.Results
	}
	for i, r := range results {
		if !carriesKey(r) {
			continue
		}
		if v := w.resultValue(call, i); v != 0 && (!w.Made(v) || w.PublishedBefore(v, exit)) {
			return false
		}
	}
	return true
}

// tells reports whether results say that all went well: success, true, and a value that
// is not nil are taken for it.
func tells(fn *effects.Func, rets []summary.RetLit) bool {
	for _, r := range rets {
		if !r.Nil && r.Val || r.Nil && r.Val == isError(fn, r.Result) {
			return true
		}
	}
	return false
}

// released notes that an instruction releases a lock held since first.
func (k *keeping) released(first, by V) {
	if first != 0 && !slices.Contains(k.freed[first], by) {
		k.freed[first] = append(k.freed[first], by)
	}
}

// keeps returns the locks kept at exits.
func (w *walker) keeps() []Keep {
	var ks []Keep
	k := &w.rec.keep
	for at, states := range k.exits {
		seen := map[V]bool{}
		for _, s := range states {
			for _, h := range s.held {
				freed := k.freed[h.instr]
				if h.instr == 0 || seen[h.instr] || len(freed) == 0 {
					continue
				}
				seen[h.instr] = true
				kp := Keep{Held: h.Held, Fn: w.fn, First: h.instr, Exit: at, All: true, Elsewhere: slices.Min(freed), Told: true}
				for _, o := range states {
					i := slices.IndexFunc(o.held, func(g held) bool { return g.instr == h.instr })
					if i < 0 {
						kp.All = false
					} else if !o.told || !o.given && k.sameElsewhere(h.instr, o.rets) {
						kp.Told = false
					}
				}
				kp.Decided = kp.All || w.decided(h.instr, at, freed)
				ks = append(ks, kp)
			}
		}
	}
	slices.SortFunc(ks, func(a, b Keep) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Exit, b.Exit))
	})
	return ks
}

// decided reports whether there is a block behind first that has a successor from which exit is
// reached, but none of the releases. If so, it is not two conditions that differ in words only which make
// the lock look kept.
func (w *walker) decided(first, exit V, freed []V) bool {
	from := w.At(first).Block
	ends := make([]bool, len(w.Blocks)) // blocks that release
	for _, f := range freed {
		ends[w.At(f).Block] = true
	}
	for b := range w.Blocks {
		if len(w.Blocks[b].Succs) < 2 || !w.Graph().Dominates(from, int32(b)) {
			continue
		}
		for _, s := range w.Blocks[b].Succs {
			seen := make([]bool, len(w.Blocks))
			seen[from] = true
			reached, releases := false, false
			work := []int32{s}
			for len(work) > 0 && !releases {
				x := work[len(work)-1]
				work = work[:len(work)-1]
				if seen[x] {
					continue
				}
				seen[x] = true
				reached = reached || x == w.At(exit).Block
				releases = ends[x]
				work = append(work, w.Blocks[x].Succs...)
			}
			if reached && !releases {
				return true
			}
		}
	}
	return false
}

// sameElsewhere reports whether a way that has released the lock returns the same as one
// that has not.
func (k *keeping) sameElsewhere(first V, rets []summary.RetLit) bool {
	for _, states := range k.exits {
		for _, s := range states {
			if slices.Equal(s.rets, rets) && !slices.ContainsFunc(s.held, func(h held) bool { return h.instr == first }) {
				return true
			}
		}
	}
	return false
}
