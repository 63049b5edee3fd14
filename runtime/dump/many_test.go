package dump

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestFold proves that goroutines and findings that differ in addresses only are printed once.
func TestFold(t *testing.T) {
	var b strings.Builder
	for i := range 500 {
		b.WriteString(stack(i+10, "sync.Mutex.Lock", fmt.Sprintf("internal/sync.(*Mutex).lockSlow(%#x) 1", 0xc000010008+uint64(i)*64),
			"sync.(*Mutex).Lock(...) 2", fmt.Sprintf("p.(*T).get(%#x) 20", 0xc000010000+uint64(i)*64)))
	}
	d := parseString(t, b.String())
	d.Analyze()
	s := text(t, d)
	if n := strings.Count(s, "\n"); n > 25 || !strings.Contains(s, "  500 goroutines: 10-509\n  waits for Mutex of p.T to lock it\n") || !strings.Contains(s, "499 more are like this one: of goroutine 11; goroutine 12; goroutine 13; ...") {
		t.Errorf("%d lines:\n%.3000s", n, s)
	}
	roundTrip(t, d)
	if len(d.Stuck) != 500 {
		t.Errorf("%d groups are stuck, want 500", len(d.Stuck))
	}

	// What is not the same is not printed together.
	d = parseString(t, stack(1, "select", "p.f(0x1) 20")+stack(2, "select", "p.f(0x2) 21")+stack(3, "chan send", "p.f(0x2) 20")+stack(4, "select", "p.f(0x3) 20"))
	d.Analyze()
	if s := text(t, d); !strings.Contains(s, "  2 goroutines: 1, 4\n") || strings.Count(s, "\ngoroutine ") != 3 {
		t.Errorf("got\n%s", s)
	}
}

// TestFoldDeadlocks proves that of many deadlocks alike one is told in full, with its locks.
func TestFoldDeadlocks(t *testing.T) {
	d := &Dump{Watched: true}
	for i := range uint64(300) {
		a, b := account, ledger
		a.Addr, b.Addr = 0xc000100000+i*64, 0xc000200000+i*64
		d.Goroutines = append(d.Goroutines, who(2*i+10, blocked, wants(a), holds(b, 1)), who(2*i+11, blocked, wants(b), holds(a, 2)))
	}
	for _, g := range d.Goroutines {
		g.Frames[1].Line = int(g.ID % 2)
		g.Waits.At = g.Frames[1]
	}
	d.Analyze()
	s := text(t, d)
	if len(d.Deadlocks) != 300 || strings.Count(s, "wait for each other's locks") != 1 || !strings.Contains(s, "299 more are like this one: of goroutines 12, 13; goroutines 14, 15; goroutines 16, 17; ...") {
		t.Errorf("%d deadlocks in\n%.3000s", len(d.Deadlocks), s)
	}
	again := parseString(t, s)
	again.Analyze()
	if len(again.Deadlocks) != 1 {
		t.Errorf("the text read back has %d deadlocks, want the one that is told", len(again.Deadlocks))
	}
}

// TestReaders proves that thousands that hold a lock for reading are one finding.
func TestReaders(t *testing.T) {
	d := &Dump{Watched: true, Goroutines: []*Goroutine{who(1, blocked, wants(registry))}}
	for i := range uint64(2000) {
		state := "chan receive"
		if i == 100 {
			state = "select"
		}
		g := who(i+10, state, nil, holdsRead(registry, 1))
		g.Frames[1].Line = 7
		d.Goroutines = append(d.Goroutines, g)
	}
	d.Analyze()
	if len(d.Stuck) != 1 || len(d.Stuck[0].Holders) != 2000 || len(d.Stuck[0].Waiting) != 1 {
		t.Fatalf("stuck are %.2000v", d.Stuck)
	}
	want := []string{
		"goroutines 10-109, 111-2009 have read-locked bank.Registry.mu at bank/bank.go:1, which goroutine 1 waits for, and wait themselves in chan receive at bank/bank.go:7",
		"who would end that wait, lockcheck cannot know",
		"goroutine 110 has read-locked bank.Registry.mu at bank/bank.go:1, which goroutine 1 waits for, and waits itself in select at bank/bank.go:7",
		"who would end that wait, lockcheck cannot know",
	}
	if !slices.Equal(d.Stuck[0].Why, want) {
		t.Errorf("got %q, want %q", d.Stuck[0].Why, want)
	}
}

// TestJSONStacks proves that equal stacks are written once, and that version 1 is still read.
func TestJSONStacks(t *testing.T) {
	d := parseString(t, manyGoroutines(50))
	d.Analyze()
	var b bytes.Buffer
	if err := d.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var j struct {
		Stacks []struct {
			Goroutines int
			Frames     []Frame
		}
		Goroutines []struct {
			Stack int
			Args  []string
		}
	}
	if err := json.Unmarshal(b.Bytes(), &j); err != nil {
		t.Fatal(err)
	}
	if len(j.Stacks) != 1 || j.Stacks[0].Goroutines != 50 || len(j.Stacks[0].Frames) != 6 || len(j.Goroutines) != 50 || len(j.Goroutines[7].Args) != 6 {
		t.Errorf("%d stacks, %d goroutines in\n%.3000s", len(j.Stacks), len(j.Goroutines), &b)
	}
	if s := b.String(); strings.Count(s, "net/http.(*conn).serve") != 1 {
		t.Errorf("a call is written several times in\n%.3000s", s)
	}

	old := `{"version": 1, "watched": true, "goroutines": [{"id": 7, "state": "running", "frames": [{"func": "main.f", "args": "0x1", "file": "f.go", "line": 3}], "creator": 1, "createdBy": {"func": "main.main"}}]}`
	d = parseString(t, old)
	if g := d.Goroutines[0]; !d.Watched || g.ID != 7 || len(g.Frames) != 1 || g.Frames[0].Line != 3 || g.CreatedBy == nil || g.Creator != 1 {
		t.Errorf("version 1 is read as %+v", g)
	}
}

// TestLarge proves that a large dump is read in memory in proportion to its size.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 13 MB")
	}
	const n = 20_000
	var before, after runtime.MemStats
	input := manyGoroutines(n)
	runtime.GC()
	runtime.ReadMemStats(&before)
	d := parseString(t, input)
	d.Analyze()
	if err := d.WriteJSON(io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := d.WriteText(io.Discard); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	all := after.TotalAlloc - before.TotalAlloc
	if limit := uint64(32 * len(input)); all > limit {
		t.Errorf("%d bytes were allocated for an input of %d", all, len(input))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := after.HeapAlloc - before.HeapAlloc; kept > uint64(3*len(input)) {
		t.Errorf("%d bytes are kept of an input of %d", kept, len(input))
	}
	if len(d.Goroutines) != n || len(d.Stuck) != 1 {
		t.Errorf("%d goroutines, %d findings", len(d.Goroutines), len(d.Stuck))
	}
}

// TestSeveral proves that of several dumps the best is read and the others are told.
func TestSeveral(t *testing.T) {
	watched := "lockcheck dump: 2 goroutines, 1 waits for a lock; process 7; holders known\n\nno deadlock among locks\n\nall goroutines:\n\n" +
		stack(1, "select", "p.f() 1") + stack(2, "sync.Mutex.Lock", "p.g() 1")
	plain := stack(1, "select", "p.f() 1") + stack(2, "sync.Mutex.Lock", "p.g() 1") + stack(3, "select", "p.h() 1")
	for _, test := range []struct {
		name, input string
		n           int
		note        string
	}{
		{
			"a watched one before SIGQUIT", watched + "SIGQUIT: quit\nPC=0x1\n\n" + plain, 2,
			"the input holds 2 dumps, of which this is the one in line 7; the others are in line 18 (3 goroutines, 1 waits for a lock)",
		},
		{
			"a watched one behind", plain + watched, 2,
			"the input holds 2 dumps, of which this is the one in line 19; the others are in line 1 (3 goroutines, 1 waits for a lock)",
		},
		{
			"two watched ones", watched + "later:\n" + watched, 2,
			"the input holds 2 dumps, of which this is the one in line 22; the others are in line 7 (2 goroutines, 1 waits for a lock, holders known)",
		},
		{
			"of two processes", replace(`(?m)^(.)`, "web-7f9  | $1")(plain) + replace(`(?m)^(.)`, "db-x1  | $1")(strings.ReplaceAll(plain, "goroutine ", "goroutine 1")), 3,
			"the input holds 2 dumps, of which this is the one in line 13; the others are in line 1 (3 goroutines, 1 waits for a lock)",
		},
		{
			"many", strings.Repeat(plain, 8), 3,
			"the input holds 8 dumps, of which this is the one in line 85; the others are in line 1 (3 goroutines, 1 waits for a lock), in line 13 (3 goroutines, 1 waits for a lock), " +
				"in line 25 (3 goroutines, 1 waits for a lock), in line 37 (3 goroutines, 1 waits for a lock), in line 49 (3 goroutines, 1 waits for a lock), and 2 more",
		},
	} {
		d := parseString(t, test.input)
		if len(d.Goroutines) != test.n || len(d.Notes) != 1 || d.Notes[0] != test.note {
			t.Errorf("%s: %d goroutines, notes %q, want %q", test.name, len(d.Goroutines), d.Notes, test.note)
		}
	}
}
