package dump

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFaults proves that errors which Go itself finds are named, with who met them and who is in methods of
// the same object.
func TestFaults(t *testing.T) {
	met := stack(34, "running", "internal/runtime/maps.fatal({0x1?,0x2?}) 11", "p.(*Table).put(0xc000010000,0x1) 20", "p.(*Table).Fill(0xc000010000) 30")
	for _, test := range []struct {
		name, input string
		want        []Fault
	}{
		{
			"same object, other object, unknown object, no object",
			"fatal error: concurrent map writes\n\n" + met +
				stack(5, "runnable", "p.(*Table).Fill(0xc000010000) 31", "main.main() 2") +
				stack(6, "runnable", "p.(*Table).Fill(0xc000020000) 31") +
				stack(7, "runnable", "p.(*Table).Fill(0x0?) 31", "p.(*Table).Run(...) 40") +
				stack(8, "select", "p.(*Chair).Sit(0xc000010000) 50"),
			[]Fault{{
				Kind: Misuse, Text: "concurrent map writes", Certain: true, Goroutines: []uint64{34}, Others: []uint64{5, 7},
				Why: []string{
					"goroutine 34 met it in p.(*Table).put at /src/x/x.go:20",
					"goroutine 5 is in a method of the same object, too: p.(*Table).Fill at /src/x/x.go:31",
					"goroutine 7 is in a method of p.Table, too: p.(*Table).Fill at /src/x/x.go:31",
				},
			}},
		},
		{
			"with a time",
			before("22:10:%02d host: ", func(i int) []any { return []any{i} })("fatal error: concurrent map iteration and map write\n\n" + met),
			[]Fault{{
				Kind: Misuse, Text: "concurrent map iteration and map write", Certain: true, Goroutines: []uint64{34},
				Why: []string{
					"goroutine 34 met it in p.(*Table).put at /src/x/x.go:20",
					"no other goroutine is in the dump; with GOTRACEBACK=all, Go prints all of them",
				},
			}},
		},
		{
			"an RWMutex",
			"fatal error: sync: RUnlock of unlocked RWMutex\n\n" + stack(3, "running",
				"internal/sync.fatal({0x1,0x2}) 1", "sync.(*RWMutex).rUnlockSlow(0xc000010040,0x1) 2", "sync.(*RWMutex).RUnlock(...) 3", "p.(*Table).Close(0xc000010000) 20") +
				stack(4, "sync.RWMutex.Lock", "sync.(*RWMutex).Lock(0xc000010040) 2", "q.fill(0x1?) 5"),
			[]Fault{{
				Kind: Misuse, Text: "sync: RUnlock of unlocked RWMutex", Certain: true, Goroutines: []uint64{3}, Others: []uint64{4},
				Why: []string{
					"goroutine 3 met it in p.(*Table).Close at /src/x/x.go:20",
					"it is about RWMutex 0xc000010040 of p.Table 0xc000010000",
					"goroutine 4 waits for it",
				},
			}},
		},
		{
			"a panic of package sync",
			"panic: sync: negative WaitGroup counter [recovered, repanicked]\n\n" + stack(3, "running",
				"panic({0x1,0x2}) 9", "sync.(*WaitGroup).Add(0xc000010008,0xffffffffffffffff) 2", "sync.(*WaitGroup).Done(...) 3", "p.work(0x1) 20") + stack(1, "select (no cases)", "main.main() 3"),
			[]Fault{{
				Kind: Misuse, Text: "sync: negative WaitGroup counter", Certain: true, Goroutines: []uint64{3},
				Why: []string{"goroutine 3 met it in p.work at /src/x/x.go:20", "it is about WaitGroup 0xc000010008"},
			}},
		},
		{
			"a closed channel", "panic: send on closed channel\n\n" + stack(3, "running", "p.(*T).send(0xc000010000) 9") + stack(4, "running", "p.(*T).Close(0xc000010000) 12"),
			[]Fault{{
				Kind: Misuse, Text: "send on closed channel", Certain: true, Goroutines: []uint64{3}, Others: []uint64{4},
				Why: []string{
					"goroutine 3 met it in p.(*T).send at /src/x/x.go:9",
					"goroutine 4 is in a method of the same object, too: p.(*T).Close at /src/x/x.go:12",
				},
			}},
		},
		{
			"no misuse", "fatal error: stack overflow\n\nruntime stack:\nruntime.throw({0x1, 0x2})\n\t/src/panic.go:9\n\n" + stack(3, "running", "p.deep(0x1) 9") + stack(4, "select", "p.f() 1"),
			[]Fault{{Kind: Fatal, Text: "stack overflow", Goroutines: []uint64{3}, Why: []string{"goroutine 3 met it in p.deep at /src/x/x.go:9"}}},
		},
		{"a panic of the program", "panic: out of tea\n\n" + stack(3, "running", "p.f(0x1) 9"), nil},
		{"in another log with a time", "12:00 app: fatal error: sync: it is said\nx\n" + stack(3, "running", "p.f(0x1) 9"), nil},
		{
			"with a time at the first line", "2026-03-01T22:10:00Z fatal error: concurrent map writes\n[signal 1]\n\n" + stack(3, "running", "p.f(0x1) 9") + stack(4, "select", "p.g(0x1) 9"),
			[]Fault{{Kind: Misuse, Text: "concurrent map writes", Certain: true, Goroutines: []uint64{3}, Why: []string{"goroutine 3 met it in p.f at /src/x/x.go:9"}}},
		},
		{"in another log", "host app: fatal error: sync: it is said\nx\n" + stack(3, "running", "p.f(0x1) 9"), nil},
		{"long before", "fatal error: concurrent map writes\n" + strings.Repeat("x\n", 300) + stack(3, "running", "p.f(0x1) 9"), nil},
		{"of a dump before", "fatal error: concurrent map writes\n\n" + met + "SIGQUIT: quit\n\n" + stack(3, "running", "p.f(0x1) 9"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := parseString(t, test.input)
			d.Analyze()
			if diff := cmp.Diff(test.want, d.Faults); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			roundTrip(t, d)
		})
	}
}

const raceText = `==================
WARNING: DATA RACE
Write at 0x00c00008a180 by goroutine 9:
  runtime.mapassign_fast64()
      /src/go/src/runtime/map_fast64.go:15 +0x0
  p.(*Board).post()
      /src/x/x.go:172 +0x53
  p.(*Board).Run()
      /src/x/x.go:176 +0x53

Previous read at 0x00c00008a180 by main goroutine:
  main.main()
      /src/x/main.go:3 +0x53

Goroutine 9 (finished) created at:
  main.main()
      /src/x/main.go:2 +0x47
==================
`

// TestRaceReports reads what the race detector prints, alone and beside a dump, plain and in a log.
func TestRaceReports(t *testing.T) {
	why := []string{
		"write of 0x00c00008a180 by goroutine 9 in p.(*Board).post at /src/x/x.go:172",
		"previous read of 0x00c00008a180 by goroutine 1 in main.main at /src/x/main.go:3",
	}
	for name, input := range map[string]string{
		"plain":          raceText,
		"with a time":    before("22:10:%02d ", func(i int) []any { return []any{i} })(raceText),
		"a lost stack":   strings.Replace(raceText, "Goroutine 9", "Previous write at 0x1 by goroutine 77:\n  [failed to restore the stack]\n\nGoroutine 9", 1),
		"no indentation": replace(`(?m)^ +`, "")(raceText),
	} {
		d := parseString(t, "=== RUN TestX\n"+input+"--- FAIL: TestX\n")
		d.Analyze()
		want := []Fault{{Kind: Race, Text: "data race on 0x00c00008a180", Certain: true, Goroutines: []uint64{9, 1}, Why: why}}
		if name == "a lost stack" {
			want[0].Goroutines, want[0].Why = append(want[0].Goroutines, 77), append(slices.Clone(why), "previous write of 0x1 by goroutine 77")
			d.Goroutines = d.Goroutines[:2]
		}
		if diff := cmp.Diff(want, d.Faults); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if len(d.Goroutines) != 2 || d.Goroutines[0].State != "finished" || len(d.Goroutines[0].Frames) != 3 || d.Goroutines[0].CreatedBy == nil {
			t.Errorf("%s: goroutines are %+v", name, d.Goroutines)
		}
		roundTrip(t, d)
	}

	d := parseString(t, raceText+"\npanic: test timed out\n\n"+stack(20, "select", "p.(*Board).Wait(0x1?) 8")+stack(21, "select", "p.Wait(0x1?) 8"))
	d.Analyze()
	want := []Fault{{
		Kind: Race, Text: "data race on 0x00c00008a180", Certain: true, Goroutines: []uint64{9, 1}, Others: []uint64{20},
		Why: append(why, "goroutine 20 is in a method of p.Board, too: p.(*Board).Wait at /src/x/x.go:8"),
	}}
	if diff := cmp.Diff(want, d.Faults); diff != "" {
		t.Errorf("beside a dump: -want +got:\n%s", diff)
	}
}
