package summary_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
	"github.com/lockcheck/lockcheck/lockgraph"
)

func frame(line int) lockgraph.Frame {
	return lockgraph.Frame{Func: "p.F", File: "p.go", Line: line, Col: 2}
}

func chain(lines ...int) *summary.Chain {
	var fs []lockgraph.Frame
	for _, n := range lines {
		fs = append(fs, frame(n))
	}
	return summary.Of(fs)
}

func lock(field string) summary.Lock {
	return summary.Lock{Path: ident.ParamPath(0).Deref().Field(field, "p.T."+field)}
}

// upTo returns the numbers from 1 to n.
func upTo(n int) (lines []int) {
	for i := range n {
		lines = append(lines, i+1)
	}
	return lines
}

// TestChains has chains of calls: those too long to leave a package keep their start and their end.
func TestChains(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines []int
		want  []int
	}{
		{"one frame", []int{7}, []int{7}},
		{"three", []int{1, 2, 3}, []int{1, 2, 3}},
		{"as many as fit", upTo(summary.MaxFrames), upTo(summary.MaxFrames)},
		{"two more", upTo(summary.MaxFrames + 2), append(upTo(summary.MaxFrames-1), summary.MaxFrames+2)},
	} {
		c := chain(tt.lines...)
		if c.Len != len(tt.lines) {
			t.Errorf("%s: length %d", tt.name, c.Len)
		}
		if got := c.Last(); got != frame(tt.lines[len(tt.lines)-1]) {
			t.Errorf("%s: last is %v", tt.name, got)
		}
		var got []int
		for _, f := range c.Frames() {
			got = append(got, f.Line)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: frames %v, want %v", tt.name, got, tt.want)
		}
	}
	if summary.Of(nil) != nil || len((*summary.Chain)(nil).Frames()) != 0 {
		t.Error("no frames make a chain")
	}
}

// TestPushShares proves that chains share what they end in.
func TestPushShares(t *testing.T) {
	tail := chain(5, 6)
	a, b := tail.Push(frame(1)), tail.Push(frame(2))
	if a.Next != tail || b.Next != tail || a.Len != 3 {
		t.Error("a chain is copied")
	}
	if summary.CompareChains(a, b) >= 0 || summary.CompareChains(b, a) <= 0 || summary.CompareChains(a, chain(1, 5, 6)) != 0 {
		t.Error("chains are not ordered by their frames")
	}
	if summary.CompareChains(tail, chain(5)) <= 0 || summary.CompareChains(nil, tail) >= 0 || summary.CompareChains(nil, nil) != 0 {
		t.Error("what a chain begins with does not come first")
	}
}

// TestBetter has events of one key, the best first.
func TestBetter(t *testing.T) {
	held := func(fields ...string) (hs []summary.Held) {
		for _, f := range fields {
			hs = append(hs, summary.Held{Lock: lock(f)})
		}
		return hs
	}
	order := []*summary.Event{
		{Always: true, Conf: 100, Chain: chain(9)},
		{Always: true, Conf: 100, Chain: chain(1, 2)}, // longer
		{Always: true, Conf: 100, Chain: chain(1, 3)}, // behind it in the file
		{Always: true, Conf: 60, Chain: chain(1)},     // a dynamic call
		{Conf: 100, Chain: chain(1)},                  // on some paths
		{Always: true, Conf: 100, Chain: chain(1), Inner: held("a")},
		{Always: true, Conf: 100, Chain: chain(1), Inner: held("b")},
		{Always: true, Conf: 100, Chain: chain(1), Inner: held("a", "b")}, // under more locks
	}
	for i, a := range order {
		for k, b := range order {
			if got := a.Better(b); got != (i < k) {
				t.Errorf("event %d is better than %d: %v", i, k, got)
			}
		}
	}
}

// TestKey has events that are one, and some that differ in one thing.
func TestKey(t *testing.T) {
	cond := summary.Lit{Path: ident.ParamPath(1), Val: true}
	event := func(change func(*summary.Event)) *summary.Event {
		e := &summary.Event{Lock: lock("mu"), Released: []summary.Lock{lock("a")}, Cond: []summary.Lit{cond}, Conf: 100, Chain: chain(1)}
		change(e)
		return e
	}
	want := event(func(*summary.Event) {}).Key()
	for _, tt := range []struct {
		name   string
		change func(*summary.Event)
		same   bool
	}{
		{"the chain", func(e *summary.Event) { e.Chain = chain(2, 3) }, true},
		{"how sure it is", func(e *summary.Event) { e.Conf, e.Always = 50, true }, true},
		{"what is held inside", func(e *summary.Event) { e.Inner = []summary.Held{{Lock: lock("b")}} }, true},
		{"the lock", func(e *summary.Event) { e.Lock = lock("other") }, false},
		{"the mode", func(e *summary.Event) { e.Lock.Mode = lockgraph.Read }, false},
		{"the kind", func(e *summary.Event) { e.Kind = summary.CallParam }, false},
		{"the method", func(e *summary.Event) { e.Method = "String" }, false},
		{"what was released before", func(e *summary.Event) { e.Released = nil }, false},
		{"what else was released before", func(e *summary.Event) { e.Released = append(e.Released, lock("b")) }, false},
		{"how that was held", func(e *summary.Event) { e.Released = []summary.Lock{{Path: lock("a").Path, Mode: lockgraph.Read}} }, false},
		{"the condition", func(e *summary.Event) { e.Cond = nil }, false},
		{"the condition's value", func(e *summary.Event) { e.Cond = []summary.Lit{{Path: cond.Path}} }, false},
		{"the condition's comparison", func(e *summary.Event) { e.Cond = []summary.Lit{{Path: cond.Path, Op: "==nil", Val: true}} }, false},
	} {
		got := event(tt.change).Key()
		if (got == want) != tt.same {
			t.Errorf("%s: the key is %+v, that of the other %+v", tt.name, got, want)
		}
		if c := got.Compare(want); (c == 0) != tt.same || c != -want.Compare(got) {
			t.Errorf("%s: Compare is %d, the other way round %d", tt.name, c, want.Compare(got))
		}
	}
}

// TestFunc has what functions look like to their callers.
func TestFunc(t *testing.T) {
	p := ssatest.Load(t, `package p

import "sync"

type T struct {
	mu sync.Mutex
	n  int
}

func nothing(n int) int { return n + 1 }

func forever(t *T) {
	t.mu.Lock()
	for {
	}
}

func inside(t *T) { t.mu.Lock(); t.n++; t.mu.Unlock() }

func take(t *T) { t.mu.Lock() }

func give(t *T) { t.mu.Unlock() }

func perhaps(t *T, b bool) {
	if b {
		t.mu.Lock()
	}
}
`)
	e := p.Engine()
	sums := map[string]*summary.Func{}
	for i, fn := range e.Funcs {
		sums[fn.Name[strings.LastIndexByte(fn.Name, '.')+1:]] = e.Sums[i]
	}
	for _, tt := range []struct {
		name                    string
		trivial, returns, moves bool
		events                  int
	}{
		{"nothing", true, true, false, 0},
		{"inside", false, true, false, 1},
		{"take", false, true, true, 1},
		{"give", false, true, true, 0},
		{"perhaps", false, true, true, 1},
		{"forever", false, false, false, 1},
	} {
		s := sums[tt.name]
		if s == nil {
			t.Errorf("%s has no summary", tt.name)
			continue
		}
		if s.Trivial() != tt.trivial || s.Returns() != tt.returns || s.Moves() != tt.moves || len(s.Events) != tt.events {
			t.Errorf("%s: trivial %v, returns %v, moves %v, %d events; want %+v", tt.name, s.Trivial(), s.Returns(), s.Moves(), len(s.Events), tt)
		}
	}
}
