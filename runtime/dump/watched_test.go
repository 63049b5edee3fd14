package dump

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The locks of the examples.
var (
	account  = Lock{Class: "example.com/bank.Account.mu", Addr: 0xc000010008, Kind: "Mutex"}
	ledger   = Lock{Class: "example.com/bank.Ledger.mu", Addr: 0xc000020010, Kind: "Mutex"}
	audit    = Lock{Class: "example.com/bank.Audit.mu", Addr: 0xc000030010, Kind: "Mutex"}
	registry = Lock{Class: "example.com/bank.Registry.mu", Addr: 0xc000040010, Kind: "RWMutex"}
	once     = Lock{Class: "example.com/bank.setup", Addr: 0xc000050010, Kind: "Once"}
)

func at(line int) Frame { return Frame{"example.com/bank.f", "...", "bank/bank.go", line} }

// who makes a goroutine that stands at line 10 times its id.
func who(id uint64, state string, waits *Wait, holds ...Hold) *Goroutine {
	g := &Goroutine{ID: id, State: state, Waits: waits, Holds: holds, Frames: []Frame{
		{shim + ".(*Mutex).Lock", "0xc000010008", "lockcheck/runtime/mutex.go", 30}, at(10 * int(id)),
	}}
	if waits != nil {
		waits.At = at(10 * int(id))
	}
	return g
}

func wants(l Lock) *Wait     { return &Wait{Lock: l, Mode: "write"} }
func wantsRead(l Lock) *Wait { return &Wait{Lock: l, Mode: "read"} }

func holds(l Lock, line int) Hold     { return Hold{Lock: l, Mode: "write", At: at(line)} }
func holdsRead(l Lock, line int) Hold { return Hold{Lock: l, Mode: "read", At: at(line)} }

const blocked = "sync.Mutex.Lock"

// TestWatched checks which deadlocks are found in a watched dump, and how they are told.
func TestWatched(t *testing.T) {
	started := who(8, blocked, wants(account))
	started.Creator = 7
	ended := who(9, endedState, nil, holds(account, 1), holds(ledger, 2))
	ended.Ended, ended.Frames = true, nil

	for _, test := range []struct {
		name string
		gs   []*Goroutine
		want string // what is printed about it
	}{
		{"contention", []*Goroutine{
			who(7, "running", nil, holds(account, 1)),
			who(8, blocked, wants(account), holds(ledger, 2)),
			who(9, blocked, wants(ledger)),
		}, `
no deadlock among locks
`},
		{"two", []*Goroutine{
			who(7, blocked, wants(ledger), holds(account, 1)),
			who(8, blocked, wants(account), holds(ledger, 2)),
			who(9, blocked, wants(ledger), holds(audit, 3)),
			who(10, blocked, wants(audit)),
		}, `
deadlocked goroutines:

1. goroutines 7, 8 wait for each other's locks
   goroutine 7 waits to lock bank.Ledger.mu at bank/bank.go:70, which goroutine 8 has locked at bank/bank.go:2
   goroutine 8 waits to lock bank.Account.mu at bank/bank.go:80, which goroutine 7 has locked at bank/bank.go:1
   goroutines 9, 10 wait for them, too
`},
		{"three", []*Goroutine{
			who(9, blocked, wants(account), holds(audit, 3)),
			who(7, blocked, wants(ledger), holds(account, 1)),
			who(8, blocked, wants(audit), holds(ledger, 2)),
		}, `
deadlocked goroutines:

1. goroutines 9, 7, 8 wait for each other's locks
   goroutine 9 waits to lock bank.Account.mu at bank/bank.go:90, which goroutine 7 has locked at bank/bank.go:1
   goroutine 7 waits to lock bank.Ledger.mu at bank/bank.go:70, which goroutine 8 has locked at bank/bank.go:2
   goroutine 8 waits to lock bank.Audit.mu at bank/bank.go:80, which goroutine 9 has locked at bank/bank.go:3
`},
		{"two deadlocks", []*Goroutine{
			who(7, blocked, wants(account), holds(account, 1)),
			who(8, blocked, wants(once), holds(once, 2)),
		}, `
deadlocked goroutines:

1. goroutine 7 waits for a lock that it holds itself
   goroutine 7 waits to lock bank.Account.mu at bank/bank.go:70, which it has locked itself at bank/bank.go:1

2. goroutine 8 waits for a lock that it holds itself
   goroutine 8 waits for bank.setup at bank/bank.go:80, which it has entered itself at bank/bank.go:2
`},
		{"the shim knows more", []*Goroutine{
			who(7, blocked, &Wait{Lock: ledger, Mode: "write", HeldBy: []uint64{8}}),
			who(8, blocked, &Wait{Lock: account, Mode: "write", HeldBy: []uint64{7, 99}}),
		}, `
deadlocked goroutines:

1. goroutines 7, 8 wait for each other's locks
   goroutine 7 waits to lock bank.Ledger.mu at bank/bank.go:70, which goroutine 8 holds
   goroutine 8 waits to lock bank.Account.mu at bank/bank.go:80, which goroutine 7 holds
`},
		{"readers do not block each other", []*Goroutine{
			who(7, blocked, wantsRead(registry), holdsRead(registry, 1)),
			who(8, "running", nil, holdsRead(registry, 2)),
		}, `
no deadlock among locks
`},
		{"recursive reader", []*Goroutine{
			who(7, blocked, wantsRead(registry), holdsRead(registry, 1)),
			who(8, blocked, wants(registry)),
			who(9, blocked, wantsRead(registry)),
		}, `
deadlocked goroutines:

1. goroutines 7, 8 wait for each other's locks
   goroutine 7 waits to read-lock bank.Registry.mu at bank/bank.go:70, but goroutine 8 waits before it to lock it for writing
   goroutine 8 waits to lock bank.Registry.mu at bank/bank.go:80, which goroutine 7 has read-locked at bank/bank.go:1
   goroutine 9 waits for them, too
`},
		{"a reader behind a writer, whose lock another reader holds", []*Goroutine{
			who(7, blocked, wantsRead(registry), holds(account, 1)),
			who(8, blocked, wants(registry)),
			who(9, blocked, wants(account), holdsRead(registry, 3)),
		}, `
deadlocked goroutines:

1. goroutines 7, 8, 9 wait for each other's locks
   goroutine 7 waits to read-lock bank.Registry.mu at bank/bank.go:70, but goroutine 8 waits before it to lock it for writing
   goroutine 8 waits to lock bank.Registry.mu at bank/bank.go:80, which goroutine 9 has read-locked at bank/bank.go:3
   goroutine 9 waits to lock bank.Account.mu at bank/bank.go:90, which goroutine 7 has locked at bank/bank.go:1
`},
		{"upgrade", []*Goroutine{
			who(7, blocked, wants(registry), holdsRead(registry, 1)),
			who(8, "running", nil, holdsRead(registry, 2)),
		}, `
deadlocked goroutines:

1. goroutine 7 waits for a lock that it holds itself
   goroutine 7 waits to lock bank.Registry.mu at bank/bank.go:70, which it has read-locked itself at bank/bank.go:1
`},
		{"ended", []*Goroutine{
			who(7, blocked, wants(account)),
			who(8, blocked, wants(account), holds(audit, 3)),
			who(10, blocked, wants(audit)),
			ended,
		}, `
deadlocked goroutines:

1. goroutines 7, 8 wait for a lock of a goroutine that has ended
   goroutine 9 locked bank.Account.mu at bank/bank.go:1 and has ended without unlocking it; goroutines 7, 8 wait for it
   goroutine 10 waits for them, too
   this is a deadlock unless another goroutine unlocks it
`},
		{"WaitGroup", []*Goroutine{
			who(7, "sync.WaitGroup.Wait", nil, holds(account, 1)),
			started,
			who(9, blocked, wants(account), holds(ledger, 3)),
			who(10, blocked, wants(ledger)),
		}, `
stuck goroutines:

1. goroutines 8, 9 wait for bank.Account.mu, whose holder is blocked; this looks like a deadlock
   goroutine 7 has locked bank.Account.mu at bank/bank.go:1, which goroutines 8, 9 wait for, and waits itself in WaitGroup.Wait at bank/bank.go:70
   3 goroutines in all wait for goroutine 7, some through others
   who would end that wait, lockcheck cannot know
   but goroutine 8, which goroutine 7 has started, needs that lock: a deadlock, if the wait is for it

no deadlock among locks
`},
		{"sleep", []*Goroutine{
			who(7, "sleep", nil, holds(account, 1)),
			who(8, blocked, wants(account)),
		}, `
stuck goroutines:

1. goroutine 8 waits for bank.Account.mu, whose holder is blocked
   goroutine 7 has locked bank.Account.mu at bank/bank.go:1, which goroutine 8 waits for, and waits itself in time.Sleep at bank/bank.go:70
   it goes on when its time to sleep is over

no deadlock among locks
`},
		{"channel", []*Goroutine{
			who(7, "chan send", nil, holds(account, 1), holdsRead(registry, 2)),
			who(8, blocked, wants(account)),
			who(9, blocked, wants(registry)),
			who(10, "chan receive", nil, holds(audit, 4)), // nobody minds
		}, `
stuck goroutines:

1. goroutine 8 waits for bank.Account.mu, whose holder is blocked
   goroutine 7 has locked bank.Account.mu at bank/bank.go:1, which goroutine 8 waits for, and waits itself in chan send at bank/bank.go:70
   2 goroutines in all wait for goroutine 7, some through others
   who would end that wait, lockcheck cannot know

2. goroutine 9 waits for bank.Registry.mu, whose holder is blocked
   goroutine 7 has read-locked bank.Registry.mu at bank/bank.go:2, which goroutine 9 waits for, and waits itself in chan send at bank/bank.go:70
   2 goroutines in all wait for goroutine 7, some through others
   who would end that wait, lockcheck cannot know

no deadlock among locks
`},
		{"nil channel", []*Goroutine{
			who(7, "chan receive (nil chan)", nil, holds(account, 1)),
			who(8, blocked, wants(account)),
		}, `
stuck goroutines:

1. goroutine 8 waits for bank.Account.mu, whose holder is blocked; this looks like a deadlock
   goroutine 7 has locked bank.Account.mu at bank/bank.go:1, which goroutine 8 waits for, and waits itself in chan receive (nil chan) at bank/bank.go:70
   that wait never ends, so this is a deadlock

no deadlock among locks
`},
		{"a lock nobody watches", []*Goroutine{
			who(7, blocked, wants(Lock{Kind: "Mutex", Addr: 0xc000012345}), holds(account, 1)),
			who(8, blocked, wants(account)),
		}, `
stuck goroutines:

1. goroutine 8 waits for bank.Account.mu, whose holder is blocked
   goroutine 7 has locked bank.Account.mu at bank/bank.go:1, which goroutine 8 waits for, and waits itself to lock Mutex 0xc000012345 at bank/bank.go:70
   who would end that wait, lockcheck cannot know

no deadlock among locks
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &Dump{Watched: true, Goroutines: test.gs}
			d.Analyze()
			s := text(t, d)
			var got string
			s, _, _ = strings.Cut(s, "\nall goroutines:\n")
			for _, mark := range []string{"\ndeadlocked goroutines:", "\nstuck goroutines:", "\nno deadlock among"} {
				if i := strings.Index(s, mark); i >= 0 {
					got = s[i:]
					break
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for _, x := range d.Deadlocks {
				if x.Certain != (x.Kind != Ended) {
					t.Errorf("a deadlock of kind %s is certain: %v", x.Kind, x.Certain)
				}
			}
			s = text(t, d)
			d.Analyze()
			if diff := cmp.Diff(s, text(t, d)); diff != "" {
				t.Errorf("analyzed again: -want +got:\n%s", diff)
			}
			roundTrip(t, d)
		})
	}
}

// TestWatchedText checks the facts that are printed with a goroutine.
func TestWatchedText(t *testing.T) {
	w := wants(ledger)
	w.Since = 2123 * time.Millisecond
	h := holds(account, 38)
	h.For = 1500 * time.Microsecond
	g := who(18, blocked, w, h)
	g.Minutes = 2
	d := &Dump{
		Time: time.Date(2026, 11, 5, 10, 0, 0, 0, time.UTC), PID: 4711, Watched: true, Notes: []string{"the table of\nholders was full"},
		Goroutines: []*Goroutine{g, who(7, "running", nil, holds(ledger, 20))},
	}
	own := who(99, "sleep", nil)
	own.Frames = append(own.Frames, Frame{Func: shim + "/internal/record.(*errand).run", File: "x.go", Line: 1})
	d.Goroutines = append(d.Goroutines, own)
	for _, id := range []uint64{30, 21, 22, 23} {
		worker := who(id, blocked, wants(ledger))
		worker.Waits.Since = time.Duration(id) * time.Second
		worker.Frames = []Frame{{"main.work", fmt.Sprintf("0x%d, 0x1", id), "w.go", 1}}
		worker.CreatedBy = &Frame{Func: "main.main", File: "w.go", Line: 2}
		worker.Creator = 1
		d.Goroutines = append(d.Goroutines, worker)
	}
	d.Analyze()
	const want = `lockcheck dump: 6 goroutines, 5 wait for locks; process 4711; 2026-11-05T10:00:00Z; holders known
note: the table of holders was full

no deadlock among locks

all goroutines:

goroutine 18 [sync.Mutex.Lock, 2 minutes]:
  waits for bank.Ledger.mu (Mutex 0xc000020010) to lock it, for 2.12s now; held by goroutine 7 at bank/bank.go:20
  holds bank.Account.mu (Mutex 0xc000010008), locked at bank/bank.go:38 1.5ms ago
example.com/bank.f(...)
	bank/bank.go:180

goroutine 7 [running]:
  holds bank.Ledger.mu (Mutex 0xc000020010), locked at bank/bank.go:20
example.com/bank.f(...)
	bank/bank.go:70

goroutine 30 [sync.Mutex.Lock]:
  4 goroutines: 21-23, 30
  waits for bank.Ledger.mu (Mutex 0xc000020010) to lock it, for 30s now; held by goroutine 7 at bank/bank.go:20
main.work(...)
	w.go:1
created by main.main in goroutine 1
	w.go:2
`
	if diff := cmp.Diff(want, text(t, d)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	d.Goroutines = slices.DeleteFunc(d.Goroutines, (*Goroutine).isOwn)
	roundTrip(t, d)
}

// TestManyReaders proves that the graph stays small where many wait for many.
func TestManyReaders(t *testing.T) {
	const n = 20_000
	d := &Dump{Watched: true}
	for i := range uint64(n) {
		d.Goroutines = append(d.Goroutines,
			who(2*i+1, "running", nil, holdsRead(registry, 1)),
			who(2*i+2, blocked, wants(registry)))
	}
	// All wait for this one, through a chain of readers and writers.
	d.Goroutines[0] = who(1, blocked, wantsRead(registry), holdsRead(registry, 1))
	edges := 0
	for _, to := range d.analyze().graph.succ {
		edges += len(to)
	}
	if edges > 2*len(d.Goroutines) {
		t.Errorf("%d edges for %d goroutines that hold and %d that wait", edges, n, n)
	}
	if len(d.Deadlocks) != 1 || !slices.Equal(d.Deadlocks[0].Goroutines, []uint64{1, 2}) {
		t.Errorf("deadlocks are %v", d.Deadlocks)
	}
}
