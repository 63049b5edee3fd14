//go:build lockcheck

package lockcheck_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockcheck/lockcheck/runtime/dump"
)

var update = flag.Bool("update", false, "write testdata/dumps")

// A fact is what a dump says of the goroutine that was started with a method of testdata/child.
type fact struct {
	method string
	state  string
	waits  string   // class of the lock it waits for, with the mode
	heldBy []string // who holds that
	behind []string // who waits before it
	holds  []string // classes of the locks it holds, with the mode
}

// hangs are the programs in testdata/child/hang.go, and what their dumps must say.
var hangs = []struct {
	name     string
	facts    []fact
	deadlock string   // kind of the deadlock, if one is certain
	of       []string // who is in it
	stuck    string   // class of a lock that stays locked, if none is certain
	likely   bool     // that looks like a deadlock
}{
	{name: "abba", facts: []fact{
		{method: "Account.transfer", state: "sync.Mutex.Lock", waits: "write Ledger.mu", heldBy: []string{"Ledger.audit"}, holds: []string{"write Account.mu"}},
		{method: "Ledger.audit", state: "sync.Mutex.Lock", waits: "write Account.mu", heldBy: []string{"Account.transfer"}, holds: []string{"write Ledger.mu"}},
	}, deadlock: dump.Cycle, of: []string{"Account.transfer", "Ledger.audit"}},
	{name: "self", facts: []fact{
		{method: "Cache.put", state: "sync.Mutex.Lock", waits: "write Cache.mu", heldBy: []string{"Cache.put"}, holds: []string{"write Cache.mu"}},
	}, deadlock: dump.Self, of: []string{"Cache.put"}},
	{name: "writer", facts: []fact{
		{method: "Registry.add", state: "sync.RWMutex.Lock", waits: "write Registry.mu", heldBy: []string{"Registry.list"}},
		{method: "Registry.list", state: "sync.RWMutex.RLock", waits: "read Registry.mu", behind: []string{"Registry.add"}, holds: []string{"read Registry.mu"}},
	}, deadlock: dump.Cycle, of: []string{"Registry.add", "Registry.list"}},
	{name: "waitgroup", facts: []fact{
		{method: "Pool.drain", state: "sync.WaitGroup.Wait", waits: "WaitGroup", holds: []string{"write Pool.mu"}},
		{method: "Pool.work", state: "sync.Mutex.Lock", waits: "write Pool.mu", heldBy: []string{"Pool.drain"}},
	}, stuck: "Pool.mu", likely: true},
	{name: "send", facts: []fact{
		{method: "Hub.broadcast", state: "chan send", holds: []string{"write Hub.mu"}},
		{method: "Hub.receive", state: "sync.Mutex.Lock", waits: "write Hub.mu", heldBy: []string{"Hub.broadcast"}},
	}, stuck: "Hub.mu", likely: true},
	{name: "ended", facts: []fact{
		{method: "", state: "ended", holds: []string{"write Cache.mu"}},
		{method: "Cache.put", state: "sync.Mutex.Lock", waits: "write Cache.mu", heldBy: []string{""}},
	}, deadlock: dump.Ended, of: []string{"Cache.put"}},
	{name: "cond", facts: []fact{
		{method: "Queue.look", state: "sync.Mutex.Lock", waits: "write Queue.mu", heldBy: []string{"Queue.take"}},
		{method: "Queue.take", state: "sleep", holds: []string{"write Queue.mu"}},
	}, stuck: "Queue.mu"},
	{name: "waiters", facts: []fact{
		{method: "Queue.take", state: "sync.Cond.Wait", waits: "Cond"},
		{method: "Queue.take", state: "sync.Cond.Wait", waits: "Cond"},
	}},
	{name: "once", facts: []fact{
		{method: "Setup.begin", state: "sleep", holds: []string{"write Setup.once"}},
		{method: "Setup.wait", state: "sync.Mutex.Lock", waits: "write Setup.once", heldBy: []string{"Setup.begin"}},
	}, stuck: "Setup.once"},
}

// TestHangs dumps programs that hang, as JSON and as text: the first is compared with what must be in
// it, the second with testdata/dumps.
func TestHangs(t *testing.T) {
	dir, err := filepath.Abs("testdata/child")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range hangs {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			program := child(t, false)
			var texts [2]string
			for i, form := range []string{"json", "text"} {
				r := run(t, dir, nil, program, test.name, form)
				if r.code != 0 {
					t.Fatalf("exit code %d\n%s", r.code, r.stderr)
				}
				d, err := dump.Parse(strings.NewReader(r.stdout))
				if err != nil {
					t.Fatalf("%v\n%s", err, r.stdout)
				}
				names := normalize(d, dir)
				var b bytes.Buffer
				if err := d.WriteText(&b); err != nil {
					t.Fatal(err)
				}
				texts[i] = b.String()
				if form == "text" {
					break
				}
				var got []string
				for _, g := range d.Goroutines {
					got = append(got, describe(g, names))
				}
				var want []string
				for _, f := range test.facts {
					want = append(want, f.String())
				}
				if !slices.Equal(got, want) {
					t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
				}
				checkFindings(t, d, names, test.deadlock, test.of, test.stuck, test.likely)
			}
			if texts[0] != texts[1] {
				t.Errorf("the dump as JSON says\n%s\nand as text\n%s", texts[0], texts[1])
			}
			golden := filepath.Join("testdata", "dumps", test.name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(texts[0]), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if texts[0] != string(want) {
				t.Errorf("%s: got\n%s\nwant\n%s", golden, texts[0], want)
			}
		})
	}
}

func checkFindings(t *testing.T, d *dump.Dump, names map[uint64]string, deadlock string, of []string, stuck string, likely bool) {
	t.Helper()
	if deadlock == "" && len(d.Deadlocks) > 0 || deadlock != "" && len(d.Deadlocks) != 1 {
		t.Fatalf("deadlocks are %+v, want %q", d.Deadlocks, deadlock)
	}
	if deadlock != "" {
		x := d.Deadlocks[0]
		if got := called(x.Goroutines, names); x.Kind != deadlock || !slices.Equal(got, of) || x.Certain != (deadlock != dump.Ended) {
			t.Errorf("deadlock is %+v of %q, want %s of %q", x, got, deadlock, of)
		}
	}
	if stuck == "" && len(d.Stuck) > 0 || stuck != "" && len(d.Stuck) != 1 {
		t.Fatalf("stuck are %+v, want %q", d.Stuck, stuck)
	}
	if stuck != "" {
		if x := d.Stuck[0]; !strings.HasSuffix(x.Lock.Class, "."+stuck) || x.Deadlock != likely {
			t.Errorf("stuck is %+v, want %s, a deadlock in all likelihood: %v", x, stuck, likely)
		}
	}
}

func (f fact) String() string {
	return fmt.Sprintf("%s: %s; waits %q held by %q behind %q; holds %q", f.method, f.state, f.waits, f.heldBy, f.behind, f.holds)
}

// describe returns what a dump says of a goroutine in the form of a fact.
func describe(g *dump.Goroutine, names map[uint64]string) string {
	f := fact{method: names[g.ID], state: g.State}
	lock := func(l dump.Lock, mode string) string {
		if l.Class == "" {
			return l.Kind
		}
		if l.Addr == 0 {
			return "no address"
		}
		return mode + " " + strings.TrimPrefix(l.Class, "github.com/lockcheck/lockcheck/runtime/testdata/child.")
	}
	if w := g.Waits; w != nil {
		f.waits = lock(w.Lock, w.Mode)
		f.heldBy, f.behind = called(w.HeldBy, names), called(w.Behind, names)
	}
	for _, h := range g.Holds {
		f.holds = append(f.holds, lock(h.Lock, h.Mode))
	}
	return f.String()
}

func called(ids []uint64, names map[uint64]string) (out []string) {
	for _, id := range ids {
		out = append(out, names[id])
	}
	slices.Sort(out)
	return out
}

// normalize leaves in a dump the goroutines that testdata/child starts, and gives what differs between
// runs fixed values. It returns the methods with which the goroutines were started, by id.
func normalize(d *dump.Dump, dir string) map[uint64]string {
	d.Time, d.PID = time.Time{}, 0
	method := func(g *dump.Goroutine) string {
		for _, f := range slices.Backward(g.Frames) {
			if name, ok := strings.CutPrefix(f.Func, "main.(*"); ok && !strings.Contains(name, ".func") && !strings.Contains(name, "WaitGroup") {
				return strings.Replace(name, ")", "", 1)
			}
		}
		return ""
	}
	d.Goroutines = slices.DeleteFunc(d.Goroutines, func(g *dump.Goroutine) bool { return method(g) == "" && !g.Ended })
	slices.SortFunc(d.Goroutines, func(a, b *dump.Goroutine) int { return cmp.Compare(method(a), method(b)) })
	ids := make(map[uint64]uint64)
	names := make(map[uint64]string)
	for i, g := range d.Goroutines {
		ids[g.ID] = uint64(i + 1)
		names[uint64(i+1)] = method(g)
	}
	addrs := map[uint64]uint64{0: 0}
	lock := func(l *dump.Lock) {
		for _, a := range []*uint64{&l.Addr, &l.AroundAddr} {
			if _, ok := addrs[*a]; !ok {
				addrs[*a] = uint64(0x1000 * len(addrs))
			}
			*a = addrs[*a]
		}
	}
	place := func(f *dump.Frame) {
		f.File = strings.TrimPrefix(f.File, dir+string(filepath.Separator))
		f.Args = "..."
		if rest, ok := strings.CutPrefix(f.File, goroot()); ok {
			f.File, f.Line = "$GOROOT"+rest, 1
		}
		if filepath.IsAbs(f.File) { // lockcheck's own
			f.File, f.Line = filepath.Base(f.File), 1
		}
	}
	for _, g := range d.Goroutines {
		g.ID, g.Creator = ids[g.ID], ids[g.Creator]
		for i := range g.Frames {
			place(&g.Frames[i])
		}
		if g.CreatedBy != nil {
			place(g.CreatedBy)
		}
		if w := g.Waits; w != nil {
			lock(&w.Lock)
			place(&w.At)
			w.Since, w.HeldBy, w.Behind = 0, nil, nil
		}
		for i := range g.Holds {
			h := &g.Holds[i]
			lock(&h.Lock)
			place(&h.At)
			h.For = 0
		}
	}
	d.Analyze()
	return names
}
