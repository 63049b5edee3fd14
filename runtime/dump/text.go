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

// WriteText prints the dump for people: a title, the goroutines, each with
// its facts and its stack, and what Analyze has found. Goroutines that differ in
// nothing but numbers are printed once, lockcheck's own are left out. Parse reads it back, except for the ends
// of long names and the arguments in which goroutines printed together differ.
func (d *Dump) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	t := &textWriter{b, d.holders()}
	t.title(d)
	theirs := slices.DeleteFunc(slices.Clone(d.Goroutines), (*Goroutine).isOwn)
	for _, group := range groups(theirs) {
		t.group(group)
	}
	t.findings(d)
	return b.Flush()
}

type textWriter struct {
	*bufio.Writer
	holders map[uint64][]holder
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
func groups(gs []*Goroutine) [][]*Goroutine {
	var all [][]*Goroutine
	index := map[string]int{}
	for _, g := range gs {
		key := g.key()
		i, ok := index[key]
		if !ok {
			i = len(all)
			index[key] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], g)
	}
	return all
}

// key returns what goroutines that are printed together have in common.
func (g *Goroutine) key() string {
	var b strings.Builder
	twin := Goroutine{State: g.State, Locked: g.Locked, Bubble: g.Bubble}
	b.WriteString(twin.header())
	if g.Waits != nil {
		w := *g.Waits
		w.Since = 0
		b.WriteString(w.fact(nil))
	}
	for _, h := range g.Holds {
		h.For = 0
		b.WriteString(h.fact())
	}
	frames := g.Frames
	if g.CreatedBy != nil {
		frames = append(slices.Clip(frames), *g.CreatedBy)
	}
	for _, f := range frames {
		b.WriteString("\n" + f.Func + "\n" + f.File + ":" + strconv.Itoa(f.Line))
	}
	return b.String()
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
		if fact := longest(gs).fact(t.holders); fact != "" {
			t.print("  ", fact, "\n")
		}
	}
	for _, h := range g.Holds {
		t.print("  ", h.fact(), "\n")
	}
	for i, f := range g.Frames {
		if i < g.plumbing() {
			continue
		}
		for _, other := range gs[1:] {
			if other.Frames[i].Args != f.Args {
				f.Args = "..."
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

// longest returns the wait that lasts for the longest time.
func longest(gs []*Goroutine) Wait {
	w := *gs[0].Waits
	for _, g := range gs {
		w.Since = max(w.Since, g.Waits.Since)
	}
	return w
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

func (t *textWriter) findings(d *Dump) {
	if len(d.Deadlocks) > 0 {
		t.print("\ndeadlocked goroutines:\n")
	}
	for i, x := range d.Deadlocks {
		t.paragraph(i, x.title(), x.Why)
	}
	if len(d.Stuck) > 0 {
		t.print("\nstuck goroutines:\n")
	}
	for i, s := range d.Stuck {
		t.paragraph(i, s.title(), s.Why)
	}
	switch {
	case len(d.Deadlocks) > 0:
	case d.Watched:
		t.print("\nno deadlock among locks\n")
	case d.waiting() == 0:
		t.print("\nno goroutine waits for a lock\n")
	default:
		t.print("\nno deadlock is certain: ", unknownHolders, "\n")
	}
}

// unknownHolders is the end of a dump that rests on guesses.
const unknownHolders = "a plain dump does not say who holds a lock; build with -tags lockcheck and import lockcheck/runtime to know"

func (t *textWriter) paragraph(i int, title string, why []string) {
	no := strconv.Itoa(i+1) + ". "
	t.print("\n", no, title, "\n")
	for _, s := range why {
		t.print(strings.Repeat(" ", len(no)), oneLine(s), "\n")
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
