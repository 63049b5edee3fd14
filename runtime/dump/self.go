package dump

import (
	"slices"
	"strings"
)

// A goroutine that waits for a lock may hold it itself: another method of the object is around the one that
// waits. That is the normal case of methods that call each other, so that there must be more to say so.

// ownLocks returns, of each queue, a goroutine that seems to wait for its own lock.
func (a *analysis) ownLocks(queues []*queue) map[*queue]*candidate {
	own := map[*queue]*candidate{}
	times := map[string]int{}
	for _, q := range queues {
		if c := q.chain(); c != "" {
			times[c]++
		}
	}
	nobody := a.nobodyElse()
	const enough = 3
	for _, q := range queues {
		if len(q.others) > 0 || len(q.selves) != 1 || q.writer != nil && q.writer != q.selves[0].g {
			continue
		}
		c := &q.selves[0]
		switch {
		case c.weight == locksIt && !q.isLonger(c.g), // others wait where it has passed, and not for longer
			c.weight >= isReceiver && nobody(q),
			times[q.chain()] >= enough, // it is so with several objects, and of none a holder is seen
			q.lock.Kind == "Once":      // a Once calls but one function
			own[q] = c
		}
	}
	return own
}

// isLonger reports whether somebody waits for longer than a goroutine.
func (q *queue) isLonger(g *Goroutine) bool {
	return slices.ContainsFunc(q.waiters, func(x *Goroutine) bool { return x.Minutes > g.Minutes })
}

// chain returns the calls on the stack of the only goroutine that waits for a lock, if nobody else is seen who
// may hold it, and which is in another method of the object; otherwise "".
func (q *queue) chain() string {
	if len(q.waiters) != 1 || len(q.selves) != 1 || len(q.others) > 0 {
		return ""
	}
	return string(q.waiters[0].appendCalls(nil))
}

// readAgain returns the readers that wait behind a writer and seem to be what this waits for. If many wait
// in methods that others have called, and none in those, the outer ones do not lock.
func (q *queue) readAgain() []candidate {
	const few = 2
	if len(likeliest(q.others)) > 0 {
		return nil
	}
	readers := slices.DeleteFunc(slices.Clone(q.selves), func(c candidate) bool { return c.g.Waits.Mode != "read" })
	if len(readers) > few {
		readers = slices.DeleteFunc(readers, func(c candidate) bool { return c.weight < locksIt })
	}
	return readers[:min(len(readers), many)]
}

// nobodyElse returns a function that reports whether nobody but those who wait for a lock could hold it: the dump
// has all goroutines, and the others are in functions of the standard library only. (One that has ended
// may have left it locked.)
func (a *analysis) nobodyElse() func(*queue) bool {
	if !a.isComplete() {
		return func(*queue) bool { return false }
	}
	root := a.goroot()
	var others []*Goroutine
	for _, g := range a.d.Goroutines {
		if root == "" || slices.ContainsFunc(g.Frames, func(f Frame) bool { return f.isOfProgram(root) }) {
			others = append(others, g)
		}
	}
	return func(q *queue) bool {
		return !slices.ContainsFunc(others, func(g *Goroutine) bool { return !q.waits[g] })
	}
}

// isComplete reports whether the dump is one of all goroutines, not a part that somebody has chosen: the
// goroutine that printed it runs, or none can.
func (a *analysis) isComplete() bool {
	return slices.Contains(a.d.Notes, noteAsleep) || len(a.d.Goroutines) > 1 && !slices.Contains(a.d.Notes, noteCut) &&
		slices.ContainsFunc(a.d.Goroutines, func(g *Goroutine) bool { return g.State == "running" })
}

// goroot returns the folder of the standard library's source, by the files of package runtime or sync; "" if
// the program was built with -trimpath.
func (a *analysis) goroot() string {
	for _, g := range a.d.Goroutines {
		for _, f := range g.Frames {
			for _, pkg := range []string{"/runtime/", "/sync/"} {
				if root, file, ok := strings.Cut(f.File, "/src"+pkg); ok && !strings.Contains(file, "/") && strings.Trim(pkg, "/") == f.pkg() {
					return root + "/src/"
				}
			}
		}
	}
	return ""
}

// isOfProgram reports whether the function is none of the standard library. The main function of a test is
// generated.
func (f Frame) isOfProgram(root string) bool {
	return f.File != "_testmain.go" && !strings.HasPrefix(f.File, root)
}
