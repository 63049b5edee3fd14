package dump

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The lines by which our own text form is known.
const (
	titleStart   = "lockcheck dump: "
	noteStart    = "note: "
	holdersKnown = "holders known"
)

// WriteText prints the dump for people: a title, what Analyze has found, and the goroutines, each with
// its facts and its stack. Findings and goroutines that differ in nothing but numbers and addresses are
// printed once, lockcheck's own goroutines are left out. Parse reads it back, except for the ends
// of long names and what differs between goroutines that are printed together.
func (d *Dump) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	t := &textWriter{Writer: b, holders: d.holders(), exact: map[uint64]bool{}}
	t.title(d)
	t.findings(d)
	theirs := slices.DeleteFunc(slices.Clone(d.Goroutines), (*Goroutine).isOwn)
	if len(theirs) > 0 {
		t.print("\nall goroutines:\n")
	}
	named := d.named()
	slices.SortStableFunc(theirs, func(x, y *Goroutine) int { return rank(named[x.ID]) - rank(named[y.ID]) })
	for _, group := range t.groups(theirs) {
		t.group(group)
	}
	return b.Flush()
}

// named returns the goroutines that findings are about. They are printed first.
func (d *Dump) named() map[uint64]bool {
	named := map[uint64]bool{}
	add := func(lists ...[]uint64) {
		for _, ids := range lists {
			for _, id := range ids {
				named[id] = true
			}
		}
	}
	for _, x := range d.Deadlocks {
		if x.Kind != Asleep {
			add(x.Goroutines)
		}
	}
	for _, x := range d.Faults {
		add(x.Goroutines, x.Others)
	}
	for _, s := range d.Stuck {
		add(s.Circle, s.Holders, s.May, s.Waiting)
	}
	return named
}

func rank(named bool) int {
	if named {
		return 0
	}
	return 1
}

type textWriter struct {
	*bufio.Writer
	holders map[uint64][]holder
	exact   map[uint64]bool // goroutines whose locks are told with their addresses
}

func (t *textWriter) print(parts ...string) {
	for _, s := range parts {
		t.WriteString(s) // Flush returns the error
	}
}

func (t *textWriter) title(d *Dump) {
	n, own := d.waiting(), 0
	for _, g := range d.Goroutines {
		if g.isOwn() {
			own++
		}
	}
	t.print(titleStart, count(len(d.Goroutines)-own, "goroutine"), ", ", strconv.Itoa(n), pick(n, " waits for a lock", " wait for locks"))
	if d.PID != 0 {
		t.print("; process ", strconv.Itoa(d.PID))
	}
	if !d.Time.IsZero() {
		t.print("; ", d.Time.Format(time.RFC3339))
	}
	if d.Watched {
		t.print("; ", holdersKnown)
	}
	t.print("\n")
	for _, n := range d.Notes {
		t.print(noteStart, oneLine(n), "\n")
	}
}

// waiting returns how many goroutines wait for locks.
func (d *Dump) waiting() (n int) {
	for _, g := range d.Goroutines {
		if g.Waits != nil && g.Waits.isLock() {
			n++
		}
	}
	return n
}

// parseTitle reads what title writes.
func (d *Dump) parseTitle(line string) {
	for i, part := range strings.Split(line, "; ") {
		if i == 0 {
			continue
		}
		if part == holdersKnown {
			d.Watched = true
		} else if pid, ok := strings.CutPrefix(part, "process "); ok {
			d.PID, _ = strconv.Atoi(pid)
		} else if at, err := time.Parse(time.RFC3339, part); err == nil {
			d.Time = at
		}
	}
}

// groups returns the goroutines that are printed together, in order of their first.
func (t *textWriter) groups(gs []*Goroutine) [][]*Goroutine {
	var all [][]*Goroutine
	index := map[string]int{}
	var key []byte
	for _, g := range gs {
		key = g.appendKey(key[:0], t.exact[g.ID])
		i, ok := index[string(key)]
		if !ok {
			i = len(all)
			index[string(key)] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], g)
	}
	return all
}

// appendKey appends what goroutines that are printed together have in common.
func (g *Goroutine) appendKey(b []byte, exact bool) []byte {
	twin := Goroutine{State: g.State, Locked: g.Locked, Bubble: g.Bubble, Labels: g.Labels, Ended: g.Ended}
	b = append(b, twin.header()...)
	if g.Waits != nil {
		w := *g.Waits
		w.Since = 0
		if !exact {
			w = w.blurred()
		}
		b = append(b, w.fact(nil)...)
	}
	for _, h := range g.Holds {
		h.For = 0
		if !exact {
			h.Lock = h.Lock.blurred()
		}
		b = append(b, h.fact()...)
	}
	return g.appendCalls(b)
}

// appendCalls appends the stack without the arguments of calls.
func (g *Goroutine) appendCalls(b []byte) []byte {
	for _, f := range g.Frames {
		b = f.appendKey(b)
	}
	if g.CreatedBy != nil {
		b = g.CreatedBy.appendKey(append(b, "\nby"...))
	}
	return b
}

func (f Frame) appendKey(b []byte) []byte {
	b = append(append(b, '\n'), f.Func...)
	b = append(append(b, '\n'), f.File...)
	return strconv.AppendInt(append(b, ':'), int64(f.Line), 10)
}

// blurred returns the lock without its address.
func (l Lock) blurred() Lock {
	l.Addr, l.AroundAddr = 0, 0
	return l
}

// blurred returns the wait without which lock it is of a class, and who holds that.
func (w Wait) blurred() Wait {
	w.Lock, w.HeldBy, w.Behind = w.Lock.blurred(), nil, nil
	return w
}

func (t *textWriter) group(gs []*Goroutine) {
	g := *gs[0]
	for _, other := range gs[1:] {
		g.Minutes = max(g.Minutes, other.Minutes)
	}
	t.print("\n", g.header(), "\n")
	if len(gs) > 1 {
		ids := make([]uint64, len(gs))
		for i, g := range gs {
			ids[i] = g.ID
		}
		t.print("  ", count(len(gs), "goroutine"), ": ", ranges(ids), "\n")
	}
	if g.Waits != nil {
		if fact := commonWait(gs).fact(t.holders); fact != "" {
			t.print("  ", fact, "\n")
		}
	}
	for i := range g.Holds {
		t.print("  ", commonHold(gs, i).fact(), "\n")
	}
	for i, f := range g.Frames {
		if i < g.plumbing() {
			continue
		}
		for _, other := range gs[1:] {
			if other.Frames[i].Args != f.Args {
				f.Args = "..."
				break
			}
		}
		t.frame(f)
	}
	if f := g.CreatedBy; f != nil {
		t.print("created by ", f.Func)
		if g.sameCreator(gs) {
			t.print(" in goroutine ", strconv.FormatUint(g.Creator, 10))
		}
		t.print("\n")
		t.place(*f)
	}
}

func (g *Goroutine) sameCreator(gs []*Goroutine) bool {
	return g.Creator != 0 && !slices.ContainsFunc(gs, func(other *Goroutine) bool { return other.Creator != g.Creator })
}

// commonWait returns the wait of goroutines that are printed together: the longest, and without what is
// not the same in all.
func commonWait(gs []*Goroutine) Wait {
	w := *gs[0].Waits
	for _, g := range gs[1:] {
		w.Since = max(w.Since, g.Waits.Since)
		if g.Waits.Lock != w.Lock {
			w = w.blurred()
		}
		if !slices.Equal(g.Waits.HeldBy, w.HeldBy) {
			w.HeldBy = nil
		}
		if !slices.Equal(g.Waits.Behind, w.Behind) {
			w.Behind = nil
		}
	}
	return w
}

// commonHold returns the i-th lock that goroutines hold which are printed together.
func commonHold(gs []*Goroutine, i int) Hold {
	h := gs[0].Holds[i]
	for _, g := range gs[1:] {
		h.For = max(h.For, g.Holds[i].For)
		if g.Holds[i].Lock != h.Lock {
			h.Lock = h.Lock.blurred()
		}
	}
	return h
}

func (t *textWriter) frame(f Frame) {
	t.print(f.Func)
	if f.isCall() {
		t.print("(", f.Args, ")")
	}
	t.print("\n")
	t.place(f)
}

func (t *textWriter) place(f Frame) {
	if f.File != "" {
		t.print("\t", f.place(), "\n")
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
