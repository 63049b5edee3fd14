package guards

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A RootKind is how something comes to run that no call in the package explains.
type RootKind uint8

const (
	Exported  RootKind = iota // called from other packages, by any number of goroutines
	Goroutine                 // started by a go statement or the like
	Callback                  // a function value that is kept somewhere
	Main                      // main.main
	Init                      // init and the initializers of variables
	Contract                  // called from other packages by who holds what it requires
)

// A Root is where a thread of execution enters the package.
type Root struct {
	Kind    RootKind
	Fn      *ssa.Function
	Site    ssa.Instruction // of Goroutine and Callback
	Signals []string        // Goroutine: classes of the WaitGroups and channels by which it signals
	Serves  bool            // it handles HTTP requests
	Many    bool            // more than one may run at the same time
}

// A Link is one step of the chain from a root to a function.
type Link struct {
	Use flow.Use
	Up  *Link
	Len int
}

// A scene is one way in which a function comes to run.
type scene struct {
	held     []lockgraph.Gate // by callers, sorted by class
	any      bool             // callers hold a lock whose class is not known
	roots    []int            // sorted; at most maxRoots
	fresh    uint64           // parameters whose object nobody else has seen
	free     uint64           // captured variables likewise
	via      *Link            // the shortest chain
	pass     []*ssa.Function  // declared functions that all chains pass through
	root     int              // at its start
	conf     int
	contract bool     // from a root of kind Contract
	weak     bool     // a function value on the way may be called at another time
	awaited  []string // classes of the announced channels that callers have waited for, sorted
}

const (
	maxScenes = 16 // of one function; more are not looked at
	maxRoots  = 8  // of one scene
	maxChain  = 8
)

func (s *scene) key() string {
	var b strings.Builder
	for _, g := range s.held {
		b.WriteString(string(g.Class))
		b.WriteByte('0' + byte(g.Mode))
		b.WriteByte('|')
	}
	if s.any {
		b.WriteByte('?')
	}
	b.WriteString(strconv.FormatUint(s.fresh, 16))
	b.WriteByte('.')
	b.WriteString(strconv.FormatUint(s.free, 16))
	if s.weak {
		b.WriteByte('~')
	}
	if s.contract {
		b.WriteByte('!')
	}
	for _, c := range s.awaited {
		b.WriteByte('<')
		b.WriteString(c)
	}
	return b.String()
}

// stage holds the scenes of the functions of one package.
type stage struct {
	roots  []Root
	scenes map[*ssa.Function][]*scene
	keys   map[*ssa.Function]map[string]*scene
	uses   map[*ssa.Function][]flow.Use      // of other functions, by user
	users  map[*ssa.Function][]*ssa.Function // of a function
	work   []*ssa.Function
	queued map[*ssa.Function]bool
	locks  func(*ssa.Function, ssa.Instruction) (*held.Locks, bool)
	passed func(ssa.Instruction) []string
}

func (st *stage) addRoot(r Root) int {
	st.roots = append(st.roots, r)
	return len(st.roots) - 1
}

// add adds a scene to a function; if there is one like it, that gets its roots.
func (st *stage) add(fn *ssa.Function, s *scene) {
	k := s.key()
	old := st.keys[fn][k]
	switch {
	case old == nil:
		if len(st.scenes[fn]) >= maxScenes {
			return
		}
		if st.keys[fn] == nil {
			st.keys[fn] = map[string]*scene{}
		}
		st.keys[fn][k] = s
		st.scenes[fn] = append(st.scenes[fn], s)
	default:
		changed := false
		for _, r := range s.roots {
			if i, ok := slices.BinarySearch(old.roots, r); !ok && len(old.roots) < maxRoots {
				old.roots = slices.Insert(slices.Clone(old.roots), i, r)
				changed = true
			}
		}
		if both := slices.DeleteFunc(slices.Clone(old.pass), func(f *ssa.Function) bool { return !slices.Contains(s.pass, f) }); len(both) < len(old.pass) {
			old.pass = both
			changed = true
		}
		if s.conf > old.conf || s.conf == old.conf && length(s.via) < length(old.via) {
			old.conf, old.via, old.root = s.conf, s.via, s.root
			changed = true
		}
		if !changed {
			return
		}
	}
	if !st.queued[fn] {
		st.queued[fn] = true
		st.work = append(st.work, fn)
	}
}

func length(l *Link) int {
	if l == nil {
		return 0
	}
	return l.Len
}

// run propagates the scenes along the uses until nothing changes.
func (st *stage) run() {
	for steps := 0; len(st.work) > 0 && steps < 200_000; steps++ {
		fn := st.work[0]
		st.work = st.work[1:]
		st.queued[fn] = false
		for _, u := range st.uses[fn] {
			if u.Kind != flow.Called && u.Kind != flow.Handed {
				continue
			}
			locks, reached := st.locks(fn, u.Site)
			if !reached {
				continue
			}
			for _, s := range slices.Clone(st.scenes[fn]) {
				if length(s.via) < maxChain {
					st.add(u.Callee, st.through(s, u, locks))
				}
			}
		}
	}
}

// waited returns the classes of the announced channels that have been waited for where a scene comes to an instruction.
func (st *stage) waited(s *scene, at ssa.Instruction) []string {
	more := st.passed(at)
	if len(more) == 0 {
		return s.awaited
	}
	all := slices.Concat(s.awaited, more)
	slices.Sort(all)
	return slices.Compact(all)
}

// through returns the scene of the function used in a scene of its user.
func (st *stage) through(s *scene, u flow.Use, locks *held.Locks) *scene {
	n := &scene{roots: s.roots, root: s.root, via: &Link{Use: u, Up: s.via, Len: length(s.via) + 1}, conf: s.conf * u.Conf / 100, weak: s.weak, contract: s.contract}
	if u.Kind != flow.Started {
		n.held, n.any = s.with(locks)
	}
	n.pass, n.awaited = s.pass, st.waited(s, u.Site)
	if by := flow.Outermost(u.Site.Parent()); !slices.Contains(n.pass, by) {
		n.pass = append(slices.Clone(n.pass), by)
	}
	n.fresh, n.free = u.Fresh, u.Free
	for i, from := range u.Args {
		if from >= 0 && from < 64 && i < 64 && s.fresh&(1<<from) != 0 {
			n.fresh |= 1 << i
		}
	}
	if u.Kind == flow.Handed {
		n.weak = true
	}
	return n
}

// situation returns what is so in the scene, before any instruction of its function.
func (s *scene) situation() Situation {
	return Situation{
		Held: s.held, Any: s.any, Roots: s.roots, Root: s.root, Via: s.via, Conf: s.conf, Weak: s.weak, Pass: s.pass, Contract: s.contract,
		Awaited: s.awaited,
	}
}

// with returns the locks held at an instruction in the scene.
func (s *scene) with(locks *held.Locks) (held []lockgraph.Gate, any bool) {
	if locks == nil {
		return s.held, s.any
	}
	held = slices.Clone(locks.Held)
	for _, g := range s.held {
		if _, gone := slices.BinarySearch(locks.Released, string(g.Class)); !gone {
			held = append(held, g)
		}
	}
	slices.SortFunc(held, func(a, b lockgraph.Gate) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Mode, b.Mode))
	})
	held = slices.CompactFunc(held, func(a, b lockgraph.Gate) bool { return a.Class == b.Class })
	return held, s.any || locks.Any
}
