package godeadlock

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

type (
	finding = report.Report
	part    = report.Part
)

// findings turns a report into lockcheck's form: one finding, or none if it says
// nothing new. The call's stack is that of the goroutine that is about to lock, unless the
// report is about waiting.
func (a *adapter) findings(text string, call stack) []finding {
	p := parse(text)
	r := &reading{parsed: p, src: newSource()}
	var f finding
	switch p.kind {
	case inversion:
		if f = r.inversion(call); !r.waits {
			return nil
		}
	case recursion:
		if f = r.recursion(call); !r.waits {
			return nil
		}
		a.seen.first(r.hold())
	case wait:
		f = r.wait()
		holds := slices.ContainsFunc(p.stacks[:len(p.stacks)-1], func(s stack) bool { return s.goroutine == r.last().goroutine })
		if holds && (!r.waits || !a.seen.first(r.hold())) {
			return nil // it has just got the lock, or it was reported before it waited
		}
	default:
		f = raw(text)
		r.key = text
	}
	if !a.seen.first(r.key) {
		return nil
	}
	return []finding{f}
}

// raw is for a report that is not understood.
func raw(text string) finding {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return finding{
		Check: "lockorder",
		Title: "go-deadlock reports what is not understood",
		Parts: []part{{Head: first, Notes: strings.Split(rest, "\n")}},
	}
}

// A reading is the making of a finding.
type reading struct {
	parsed
	src   *source
	all   map[int64]stack
	waits bool   // the last step can wait, and so could that of the other side
	key   string // the same for all reports of one bug
}

func (r *reading) last() stack { return r.stacks[len(r.stacks)-1] }

// hold identifies the goroutine and the lock that a recursion, or the wait behind it, is
// about.
func (r *reading) hold() string {
	s := r.last()
	if r.kind == recursion {
		s = r.stacks[0]
	}
	return fmt.Sprint("goroutine ", s.goroutine, " lock ", s.lock)
}

// A step is where a goroutine locks, or locked.
type step struct {
	frames []frame
	lock   lockName
}

// printed returns a step that go-deadlock printed.
func (r *reading) printed(i int) step {
	frames := r.src.correct(r.stacks[i].frames)
	return step{frames, r.src.lockName(frames)}
}

// current returns the step that a goroutine is about to make: exactly, if its stack shows
// that it is, and else as printed.
func (r *reading) current(s stack, i int) (st step, exact bool) {
	printed := r.printed(i)
	from := slices.IndexFunc(s.frames, func(f frame) bool { return strings.HasPrefix(f.fn, locking) })
	if from < 0 {
		return printed, false
	}
	frames := s.frames[from:]
	op := ""
	for len(frames) > 0 && strings.HasPrefix(frames[0].fn, locking) {
		op = frames[0].fn[strings.LastIndexByte(frames[0].fn, '.')+1:]
		frames = frames[1:]
	}
	frames = trim(frames)
	if len(frames) == 0 || !strings.HasSuffix(op, "Lock") {
		return printed, false // it does not wait any more
	}
	st = step{frames, r.src.lockName(frames)}
	st.lock.op = op
	return st, true
}

const locking = "github.com/sasha-s/go-deadlock."

// trim cuts off what started the goroutine or the test.
func trim(frames []frame) []frame {
	if i := slices.IndexFunc(frames, func(f frame) bool {
		return f.fn == "runtime.goexit" || f.fn == "runtime.main" || f.fn == "testing.tRunner"
	}); i >= 0 {
		frames = frames[:i]
	}
	return frames
}

func (r *reading) inversion(call stack) finding {
	held1, then1 := r.printed(0), r.printed(1)
	held2 := r.printed(2)
	then2, _ := r.current(call, 3)
	r.waits = !then1.lock.tries() && !then2.lock.tries()

	// Two lines name each lock.
	x := better(held2.lock, then1.lock)
	y := better(then2.lock, held1.lock)
	f := finding{
		Check: "lockorder",
		Title: "lock order inversion",
		Cycle: []string{x.text, y.text},
		Fix:   "lock these in one order everywhere; details: lockcheck help lockorder",
	}
	other := y.short()
	if x.text == y.text {
		f.Title = "lock order inversion between locks of one declaration"
		f.Cycle = f.Cycle[:1]
		f.Fix = "lock them in an order that does not depend on the caller, such as that of an id"
		other = "another " + other
	}
	f.Parts = []part{
		{
			Head:  fmt.Sprintf("%s %s %s while holding %s:", who(call.goroutine), then2.lock.verb("locks"), other, x.short()),
			Stack: r.src.stack(then2.frames),
			Notes: []string{fmt.Sprintf("%s was %s by %s at %s", x.short(), held2.lock.verb("locked"), who(call.goroutine), r.src.at(held2))},
		},
		{
			// go-deadlock does not keep which goroutine it was.
			Head:  fmt.Sprintf("another time, a goroutine %s %s while holding %s:", then1.lock.verb("locks"), strings.Replace(other, y.short(), x.short(), 1), y.short()),
			Stack: r.src.stack(then1.frames),
			Notes: []string{fmt.Sprintf("%s was %s by that goroutine at %s", y.short(), held1.lock.verb("locked"), r.src.at(held1))},
		},
	}
	r.involves(&f, call.goroutine)
	key := []string{r.src.at(held1) + " -> " + r.src.at(then1), r.src.at(held2) + " -> " + r.src.at(then2)}
	if x.class && y.class {
		key = []string{x.text, y.text}
	}
	slices.Sort(key)
	r.key = strings.Join(key, "\n")
	return f
}

func (r *reading) recursion(call stack) finding {
	now, _ := r.current(call, 0)
	before := r.printed(1)
	r.waits = !now.lock.tries()
	id := r.stacks[0].goroutine
	x := better(now.lock, before.lock)
	f := finding{
		Check:   "doublelock",
		Title:   "self-deadlock",
		Cycle:   []string{x.text},
		Fix:     "do not lock again what is held; details: lockcheck help doublelock",
		Certain: true, // unless another goroutine is to unlock it
	}
	already := "which it holds already:"
	if now.lock.reads() && before.lock.reads() {
		f.Check, f.Title = "rlockrecursion", "recursive read lock"
		f.Fix = "read-lock once; a writer waiting in between deadlocks both; details: lockcheck help rlockrecursion"
		f.Certain = false
		already = "which it has read-locked already:"
	}
	f.Parts = []part{
		{
			Head:  fmt.Sprintf("%s %s %s, %s", who(id), now.lock.verb("locks"), x.short(), already),
			Stack: r.src.stack(now.frames),
		},
		{
			Head:  fmt.Sprintf("before, %s %s %s:", who(id), before.lock.verb("locked"), x.short()),
			Stack: r.src.stack(before.frames),
		},
	}
	r.involves(&f, id)
	r.key = r.src.at(before) + " again " + r.src.at(now)
	return f
}

func (r *reading) wait() finding {
	n := len(r.stacks) - 1
	id := r.last().goroutine
	var waiter step
	waiter, r.waits = r.current(r.program()[id], n)
	r.key = r.src.at(waiter) + " waits for"
	x := waiter.lock
	var holders []step
	for i := range n {
		h := r.printed(i)
		holders = append(holders, h)
		x = better(x, h.lock)
		r.key += " " + r.src.at(h)
	}
	f := finding{
		Check: "waiting",
		Title: "lock waited for longer than " + r.limit,
		Parts: []part{{
			Head:  fmt.Sprintf("%s has waited to %s %s for more than %s:", who(id), waiter.lock.verb("lock"), x.short(), r.limit),
			Stack: r.src.stack(waiter.frames),
		}},
		Note: !r.waits,
	}
	if f.Note {
		f.Parts[0].Notes = []string{"it does not wait any more"}
	}
	r.involves(&f, id)
	for i, h := range holders {
		id := r.stacks[i].goroutine
		r.involves(&f, id)
		f.Parts = append(f.Parts, part{
			Head:  fmt.Sprintf("%s, which holds it, %s it:", who(id), h.lock.verb("locked")),
			Stack: r.src.stack(h.frames),
		})
		if now, ok := r.doing[id]; ok && id != r.last().goroutine {
			f.Parts = append(f.Parts, part{
				Head:  fmt.Sprintf("%s is now in this state, %s:", who(id), now.state),
				Stack: r.src.stack(trim(now.frames)),
			})
		}
	}
	return f
}

// program returns all goroutines.
func (r *reading) program() map[int64]stack {
	if r.all == nil {
		r.all = dumpAll()
	}
	return r.all
}

// involves says that a goroutine takes part in a finding, and with it those that started it,
// as far as they are still there: a test among them fails.
func (r *reading) involves(f *finding, goroutine int64) {
	if goroutine == 0 {
		return
	}
	add := func(list *[]uint64, id int64) bool {
		if slices.Contains(*list, uint64(id)) {
			return false
		}
		*list = append(*list, uint64(id))
		return true
	}
	add(&f.Goroutines, goroutine)
	for id := goroutine; id != 0 && add(&f.Family, id); {
		id = r.program()[id].parent
	}
}

func who(goroutine int64) string {
	if goroutine == 0 {
		return "a goroutine"
	}
	return fmt.Sprint("goroutine ", goroutine)
}
