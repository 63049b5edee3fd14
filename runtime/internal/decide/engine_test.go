package decide

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestPlaces checks what the other tests rest upon.
func TestPlaces(t *testing.T) {
	seen := make(map[uintptr]byte)
	for name, pc := range places {
		if other, ok := seen[pc]; ok {
			t.Errorf("places %c and %c are one", name, other)
		}
		seen[pc] = name
		if indirect(pc) != (name == 'x') {
			t.Errorf("the call at place %c is indirect: %v", name, indirect(pc))
		}
	}
}

// TestEngine has goroutines acquire locks, and compares what is found.
func TestEngine(t *testing.T) {
	const ab, ba = " 1+a1 1+b1 1-b1 1-a1 ", " 2+b1 2+a1 2-a1 2-b1 "
	for _, test := range []struct {
		name   string
		script string
		want   string // findings, separated by commas
	}{
		{"two", ab + ba, "inversion a1 b1 *"},
		{"one order", ab + "2+a1 2+b1 2-b1 2-a1", ""},
		{"one goroutine", ab + strings.ReplaceAll(ba, "2", "1"), ""},
		{"one goroutine, then another", ab + "1+b1 1+a1 1-a1 1-b1" + ba, "inversion a1 b1 *"},
		{"once", ab + ba + ab + ba + "3+b1 3+a1 3-a1 3-b1", "inversion a1 b1 *"},
		{"classes", ab + "2+b2 2+a2", "inversion a1 b2"},
		{"three", "1+a1 1+b1 2+b2 2+c2 3+c3 3+a3", "inversion a1 b2 c3"},
		{"three that meet", "1+a1 1+b1 1-a1 1-b1 2+b1 2+c1 2-b1 2-c1 3+c1 3+a1", "inversion a1 b1 c1 *"},
		{"three by two goroutines", "1+a1 1+b1 1-a1 1-b1 1+b1 1+c1 1-b1 1-c1 2+c1 2+a1", ""},
		{"two of three at once", "1+a1 1+b1 1+c1 1-a1 1-b1 1-c1 2+c1 2+a1", "inversion a1 c1 *"},
		{"through an unlocked one", "1+a1 1+b1 1-a1 1+c1 2+c1 2+a1", ""},

		{"gate", "1+g1 1+a1 1+b1 1-b1 1-a1 1-g1 2+g1 2+b1 2+a1", ""},
		{"gate for one only", "1+g1 1+a1 1+b1 1-b1 1-a1 1-g1" + ba, "inversion a1 b1 *"},
		{"two gates of one class", "1+g1 1+a1 1+b1 1-b1 1-a1 1-g1 2+g2 2+b1 2+a1", "inversion a1 b1 *"},
		{"two gates of one class, other instances", "1+g1 1+a1 1+b1 1-b1 1-a1 1-g1 2+g2 2+b2 2+a2", ""},
		{"gate acquired in between", "1+a1 1+g1 1+b1 1-b1 1-g1 1-a1 2+b1 2+g1 2+a1", "inversion a1 g1 *, inversion b1 g1 *"},
		{"read gate", "1r+r1 1+a1 1+b1 1-b1 1-a1 1-r1 2r+r1 2+b1 2+a1", "inversion a1 b1 *"},
		{"read gate against a write gate", "1r+r1 1+a1 1+b1 1-b1 1-a1 1-r1 2+r1 2+b1 2+a1", ""},

		{"attempt second", ab + "2+b1 2?+a1", ""},
		{"attempt first", ab + "2?+b1 2+a1", "inversion a1 b1 *"},

		{"readers", "1r+r1 1r+s1 1-s1 1-r1 2r+s1 2r+r1", ""},
		{"readers, one writer", "1r+r1 1r+s1 1-s1 1-r1 2r+s1 2r+r1 2-r1 2-s1 3+s1 3-s1", ""},
		{"readers, both have writers", "1r+r1 1r+s1 1-s1 1-r1 2r+s1 2r+r1 2-r1 2-s1 3+s1 3-s1 4+r1", "inversion r1 s1 * writer"},
		{"readers, both have one writer", "1r+r1 1r+s1 1-s1 1-r1 2r+s1 2r+r1 2-r1 2-s1 3+s1 3-s1 3+r1", ""},
		{"writers wait for readers", "1r+r1 1+s1 1-s1 1-r1 2r+s1 2+r1", "inversion r1 s1 *"},

		{"recursion", "1r+r1 1r+r1 1-r1 1-r1 2+r1", "recursion r1 * writer"},
		{"recursion after the writer", "2+r1 2-r1 1r+r1 1r+r1", "recursion r1 * writer"},
		{"recursion without a writer", "1r+r1 1r+r1 2r+r1 2r+r1", ""},
		{"recursion of the only writer", "1+r1 1-r1 1r+r1 1r+r1", ""},
		{"recursion behind a gate", "1+g1 1r+r1 1r+r1 1-r1 1-r1 1-g1 2+g1 2+r1", ""},
		{"recursion by an attempt", "1r+r1 1r?+r1 1-r1 1-r1 2+r1", ""},
		{"recursion, and a writer of another", "1r+r1 1r+r1 1-r1 1-r1 2+r2", "recursion r1 writer"},

		{"instances", "1+a1 1+a2 1-a2 1-a1 2+a2 2+a1", "inversion a1 a2 same *"},
		{"instances in one order", "1+a1 1+a2 1-a2 1-a1 2+a1 2+a2 2+a3", ""},
		{"instances in a ring", "1+a1 1+a2 1-a2 1-a1 2+a2 2+a3 2-a2 2-a3 3+a3 3+a1", "inversion a1 a2 a3 same *"},
		{"instances, one goroutine", "1+a1 1+a2 1-a2 1-a1 1+a2 1+a1", ""},
		{"instances, gate", "1+g1 1+a1 1+a2 1-a2 1-a1 1-g1 2+g1 2+a2 2+a1", ""},
		{"instances, readers", "1r+r1 1r+r2 1-r2 1-r1 2r+r2 2r+r1", ""},
		{"instances, attempt", "1+a1 1+a2 1-a2 1-a1 2+a2 2?+a1", ""},
		{"instances, hand over hand", "1+a1 1+a2 1-a1 1+a3 1-a2 1-a3 2+a1 2+a2 2-a1 2+a3", ""},

		{"birth", ab + "2<1" + ba, ""},
		{"birth between", "1+a1 1-a1 2<1" + ab + ba, "inversion a1 b1 *"},
		{"grandchild", ab + "3<1 2<3" + ba, ""},
		{"wait", "2<1 " + ba + "2!w 1=w" + ab, ""},
		{"wait for another", "2<1 " + ba + "3!w 1=w" + ab, "inversion a1 b1 *"},
		{"work after Done", "2<1 2!w 1=w" + ba + ab, "inversion a1 b1 *"},
		{"work after Done, before Wait", "2<1 2!w" + ba + "1=w" + ab, "inversion a1 b1 *"},
		{"one after the other", "2<1 " + ba + "2!w 1=w 3<1 3+a1 3+b1", ""},
		{"siblings", "2<1 3<1" + ba + "3+a1 3+b1", "inversion a1 b1 *"},

		{"heir", "1+a1 2<1 2+b1 2-b1 2!w 1=w 1-a1 3+b1 3+a1", "inversion a1(1 for 2) b1 *"},
		{"heir, the other first", "3+b1 3+a1 3-a1 3-b1 1+a1 2<1 2+b1 2-b1 2!w 1=w", "inversion a1(1 for 2) b1 *"},
		{"heir that is not waited for", "1+a1 2<1 2+b1 2-b1 1-a1 3+b1 3+a1", ""},
		{"heir of what is unlocked", "1+a1 2<1 2+b1 2-b1 2!w 1-a1 1=w 3+b1 3+a1", ""},
		{"heir, and the parent again", "1+a1 2<1 2+b1 2-b1 2!w 1=w 1-a1 1+b1 1+a1", ""},

		{"places join", "1+a1@p 1+b1 1-b1 1-a1 2+b2 2+a2@q 2-a2 2-b2 3+a1@q", ""},
		{"places join, then an acquisition", "1+a1@p 1+b1 1-b1 1-a1 2+b2 2+a2@q 2-a2 2-b2 3+a1@q 3-a1 3+b3 3+a2@q", "inversion a1 b2"},
		{"places do not join by what may lock anything", "1+a1@p 1+b1 1-b1 1-a1 2+b2 2+a2@q 2-a2 2-b2 3+a1@x 3-a1 3+a2@x 3-a2 3+b3 3+a2@q", ""},
		{"names join", "1+a1@p 1+b1 1-b1 1-a1 2+b2 2+a2@q 2-a2 2-b2 name:a1=A name:b1=B name:a2=A", "inversion a1 b2"},
		{"other names", "1+a1@p 1+b1 1-b1 1-a1 2+b2 2+a2@q 2-a2 2-b2 name:a1=A name:b1=B name:a2=C", ""},
		{"names make instances of it", "1+a1@p 1+a2@q 1-a1 1-a2 2+a2@q 2+a1@p", "inversion a1 a2 *"},
		{"names make instances of it, in time", "1+a1@p 1+a2@q 1-a1 1-a2 name:a1=A name:a2=A 2+a2@q 2+a1@p", "inversion a1 a2 same *"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSim(t)
			got := s.run(test.script)
			slices.Sort(got)
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("%s: found %q, want %q", test.script, got, test.want)
			}
		})
	}
}

// TestMany has more goroutines than are remembered make one acquisition.
func TestMany(t *testing.T) {
	s := newSim(t)
	for i := range 3 * maxRuns {
		if got := s.run(fmt.Sprintf("%[1]d+a1 %[1]d+b1 %[1]d-b1 %[1]d-a1", i+1)); len(got) > 0 {
			t.Errorf("found %q", got)
		}
	}
	if got := s.run("99+b1 99+a1"); len(got) != 1 {
		t.Errorf("found %q, want an inversion", got)
	}
}

// TestHandedOver has a circle with a lock that others unlock: it is believed the second time only.
func TestHandedOver(t *testing.T) {
	s := newSim(t)
	s.run("1+a1 1+b1 1-b1 1-a1")
	a, b := s.lock("a1"), s.lock("b1")
	circle := func() *Circle {
		return &Circle{Members: []State{
			{Goroutine: 1, Wait: b.addr, WaitClass: b.class, Held: []Held{{Lock: a.addr, Class: a.class}}},
			{Goroutine: 2, Wait: a.addr, WaitClass: a.class, Held: []Held{{Lock: b.addr, Class: b.class}}},
		}}
	}
	s.e.Handed(b.class)
	if got := s.e.Deadlock(circle()); len(got) > 0 {
		t.Errorf("found %q at once", s.words(got[0]))
	}
	c := circle()
	c.Again = true
	if got := s.e.Deadlock(c); len(got) != 2 || got[0].Kind != Standstill || !got[0].Closed || got[1].Kind != Lasting {
		t.Errorf("found %+v", got)
	}
	if got := s.e.Deadlock(c); len(got) > 0 {
		t.Error("found twice")
	}
	self := &Circle{Members: []State{{Goroutine: 3, Wait: a.addr, WaitClass: a.class, Held: []Held{{Lock: a.addr, Class: a.class}}}}}
	if got := s.e.Deadlock(self); len(got) != 1 || got[0].Kind != SelfDeadlock {
		t.Errorf("found %+v", got)
	}
}

// TestForget drops instances: what is left of the order stays right, and nothing stays behind.
func TestForget(t *testing.T) {
	s := newSim(t)
	s.run("1+a1 1+a2 1-a1 1-a2 1+a2 1+a3 1-a2 1-a3")
	s.e.Forget(s.lock("a2").inst)
	if got := s.run("2+a3 2+a1 2-a3 2-a1"); len(got) > 0 {
		t.Errorf("found %q through a lock that is no more", got)
	}
	s.e.Forget(s.lock("a1").inst)
	s.e.Forget(s.lock("a3").inst)
	if len(s.e.pairs)+len(s.e.nodes)+len(s.e.near)+len(s.e.numbers) > 0 {
		t.Errorf("%d pairs, %d nodes, %d neighbours are left", len(s.e.pairs), len(s.e.nodes), len(s.e.near))
	}
}

// TestWho checks who need not ask again.
func TestWho(t *testing.T) {
	for _, test := range []struct {
		name, script string
		want         Who
	}{
		{"first lock", "1+a1", Everyone},
		{"attempt", "1+a1 1?+b1", Everyone},
		{"second", "1+a1 1+b1", Mine},
		{"same class", "1+a1 1+a2", Instances},
	} {
		s := newSim(t)
		steps := strings.Fields(test.script)
		for _, step := range steps[:len(steps)-1] {
			s.step(step)
		}
		last := steps[len(steps)-1]
		g := s.goroutine(1)
		name := last[len(last)-2:]
		r := &Request{Goroutine: 1, Kin: g.kin, Lock: s.lock(name).addr, PC: places[name[0]], Held: g.held}
		if strings.Contains(last, "?") {
			r.Mode = Try
		}
		s.e.Learn(r)
		if r.Who != test.want {
			t.Errorf("%s: who is %d, want %d", test.name, r.Who, test.want)
		}
	}
}
