package dump

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestBlame proves what is said of goroutines that may hold a lock, in optimized programs and in those
// built with -race. The programs are in testdata/blame.
func TestBlame(t *testing.T) {
	const deadlock = "looks like a deadlock|seem"
	for name, test := range map[string]struct {
		want []string // regular expressions
		not  string
	}{
		"depart":     {[]string{`wait for Mutex|waits for Mutex`, `looks like a deadlock`, `goroutine \d+ may hold it: it is in main\.\(\*Harbour\)\.Depart .*WaitGroup\.Wait`}, "itself at|it holds itself|seem"},
		"call":       {[]string{`looks like a deadlock`, `goroutine \d+ may hold it: it is in main\.\(\*Harbour\)\.Call .*chan send`}, "it holds itself|seem"},
		"elsewhere":  {[]string{`may hold it: it is in main\.\(\*Harbour\)\.Dredge`}, deadlock},
		"slow":       {[]string{`goroutine \d+ may hold it: it is in main\.\(\*Harbour\)\.Dredge`, `goes on when its time to sleep is over`}, deadlock},
		"twice":      {[]string{`goroutine \d+ seems to wait for a lock that it holds itself`, `since it is in main\.\(\*Harbour\)\.Enter`}, ""},
		"gate":       {[]string{`goroutine \d+ waits for RWMutex.* of main\.Chart`, `holder is not known`}, "itself|" + deadlock},
		"orders":     {[]string{`goroutines \d+, \d+ seem to wait for each other's locks`, `which is in main\.\(\*Index\)\.Check`, `which is in main\.\(\*Log\)\.Append`}, "itself"},
		"slowreader": {[]string{`goroutine \d+ may hold it: it is in main\.\(\*Index\)\.Scan`, `readers hold it`}, deadlock},
	} {
		for _, build := range []string{"", "_race"} {
			t.Run(name+build, func(t *testing.T) {
				d := parseFile(t, "testdata/blame_"+name+build+".txt")
				d.Analyze()
				got := findings(d)
				for _, want := range test.want {
					if !regexp.MustCompile(want).MatchString(got) {
						t.Errorf("got\n%s\nwant %s", got, want)
					}
				}
				if test.not != "" && regexp.MustCompile(test.not).MatchString(got) {
					t.Errorf("got\n%s\nwhich must not have %s", got, test.not)
				}
			})
		}
	}
}

// findings returns what Analyze has found, one sentence a line.
func findings(d *Dump) string {
	var b strings.Builder
	for _, x := range d.Deadlocks {
		fmt.Fprintln(&b, x.title()+"\n"+strings.Join(x.Why, "\n"))
	}
	for _, s := range d.Stuck {
		fmt.Fprintln(&b, s.title()+"\n"+strings.Join(s.Why, "\n"))
	}
	return b.String()
}

// stack returns the text of a goroutine, from its state and its calls, each FUNC(ARGS) LINE.
func stack(id int, state string, calls ...string) string {
	s := fmt.Sprintf("goroutine %d [%s]:\n", id, state)
	for _, c := range calls {
		f, line, _ := strings.Cut(c, " ")
		s += fmt.Sprintf("%s\n\t/src/x/x.go:%s +0x1\n", strings.ReplaceAll(f, ",", ", "), line)
	}
	return s + "\n"
}

// TestBlameByHand has what compilers make rarely.
func TestBlameByHand(t *testing.T) {
	lock := func(addr string) string { return "internal/sync.(*Mutex).lockSlow(" + addr + ") 1" }
	const outer = "sync.(*Mutex).Lock(...) 2"
	const state = "sync.Mutex.Lock"
	const timedOut = "panic: test timed out after 1s\n\ngoroutine 33 [running]:\ntesting.(*M).startAlarm.func1()\n\t/go/src/testing/testing.go:1\n" +
		"created by time.goFunc\n\t/go/src/time/sleep.go:1\n\ngoroutine 1 [chan receive]:\ntesting.(*T).Run(0x1?)\n\t/go/src/testing/testing.go:2\nmain.main()\n\t_testmain.go:3\n\n" +
		"goroutine 3 [select]:\nruntime.gopark()\n\t/go/src/runtime/proc.go:1\n\n"
	for _, test := range []struct{ name, input, want, not string }{
		{
			"a caller is no evidence",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30"),
			"if p.T.Run|if p.\\(\\*T\\).Run at .* has locked it before it calls p.\\(\\*T\\).get, goroutine 7 waits for itself",
			"seems",
		},
		{
			"nobody else is there",
			"fatal error: all goroutines are asleep - deadlock!\n\n" +
				stack(1, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30"),
			"goroutine 1 seems to wait for a lock that it holds itself", "",
		},
		{
			"somebody else is there, though asleep",
			"fatal error: all goroutines are asleep - deadlock!\n\n" +
				stack(1, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") + stack(4, "chan receive", "q.work(0x0?) 7"),
			"holder is not known", "seems",
		},
		{
			"only the test is there",
			timedOut + stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30"),
			"goroutine 7 seems to wait for a lock that it holds itself", "",
		},
		{
			"the test and somebody else",
			timedOut + stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") + stack(9, "chan send", "q.(*U).send(0xc000040000) 8"),
			"holder is not known", "seems",
		},
		{
			"a part of a dump",
			strings.Replace(timedOut, "running", "runnable", 1) + stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30"),
			"holder is not known", "seems",
		},
		{
			"others wait where it has passed",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") +
				stack(8, state, lock("0xc000010008"), outer, "p.(*T).Run(0xc000010000) 29"),
			"goroutine 7 seems to wait for a lock that it holds itself", "",
		},
		{
			"others wait where it comes to later",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") +
				stack(8, state, lock("0xc000010008"), outer, "p.(*T).Run(0xc000010000) 31"),
			"holder is not known", "seems",
		},
		{
			"others wait for longer",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") +
				stack(8, state+", 5 minutes", lock("0xc000010008"), outer, "p.(*T).Run(0xc000010000) 29"),
			"holder is not known", "seems",
		},
		{
			"a method that calls itself locks another object each time",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).walk(0x1?) 20", "p.(*T).walk(0x2?) 30") +
				stack(8, state, lock("0xc000010008"), outer, "p.(*T).walk(0x1?) 20", "p.(*T).walk(0x2?) 30"),
			"holder is not known", "seems",
		},
		{
			"a part of another object of that type",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20") +
				stack(8, "sync.WaitGroup.Wait", "sync.(*WaitGroup).Wait(0xc000010050) 2", "p.(*T).Stop(0x0?) 40") +
				stack(9, "select", "p.(*T).loop(0xc000010040) 50"),
			"holder is not known", "Stop|deadlock",
		},
		{
			"a part that lies before the lock",
			stack(7, state, lock("0xc000010048"), outer, "p.(*T).get(0x1?) 20") +
				stack(8, "sync.WaitGroup.Wait", "sync.(*WaitGroup).Wait(0xc000010010) 2", "p.(*T).Stop(0x0?) 40"),
			"goroutine 8 may hold it: it is in p.\\(\\*T\\).Stop .*, whose WaitGroup 0xc000010010 lies next to it", "seem",
		},
		{
			"who waits for a Cond has released its lock",
			stack(7, state, lock("0xc000010048"), outer, "p.(*T).get(0xc000010000) 20") +
				stack(8, "sync.Cond.Wait", "sync.(*Cond).Wait(0xc000010010) 2", "p.(*T).take(0xc000010000) 40") +
				stack(9, "sync.Cond.Wait", "sync.(*Cond).Wait(0xc000010010) 2", "p.(*T).take(0x0?) 40"),
			"holder is not known", "may hold|deadlock|seem",
		},
		{
			"but not that of another object",
			stack(7, state, lock("0xc000010048"), outer, "p.(*T).get(0xc000010000) 20") +
				stack(8, "sync.Cond.Wait", "sync.(*Cond).Wait(0xc000020010) 2", "q.(*Queue).take(0xc000020000) 40", "p.(*T).work(0xc000010000) 50"),
			"goroutine 8 may hold it: it is in p.\\(\\*T\\).work", "seem",
		},
		{
			"a loop in the background",
			stack(7, state, lock("0xc000010048"), outer, "p.(*T).get(0xc000010000) 20") + stack(8, "select", "p.(*T).loop(0x0?) 40"),
			"goroutine 8 may hold it: it is in p.\\(\\*T\\).loop", "seem|looks like|a deadlock",
		},
		{
			"a loop in the background, and one that sends",
			stack(7, state, lock("0xc000010048"), outer, "p.(*T).get(0xc000010000) 20") + stack(8, "select", "p.(*T).loop(0x0?) 40") + stack(9, "chan send", "p.(*T).Send(0x0?) 50"),
			"goroutine 7 waits for Mutex 0xc000010048 of p.T 0xc000010000; this looks like a deadlock\ngoroutine 9 may hold it: it is in p.\\(\\*T\\).Send", "loop",
		},
		{
			"several calls of the object",
			stack(7, state, lock("0xc000010008"), outer, "q.(*U).get(0x1?) 20", "p.(*T).put(0xc000020000) 30", "p.(*T).Run(0xc000020000) 31") +
				stack(8, state, lock("0xc000020008"), outer, "p.(*T).len(0x1?) 50", "q.(*U).Do(0xc000010000,0x1) 60"),
			"which is in p.\\(\\*T\\).put at /src/x/x.go:30, called by p.\\(\\*T\\).Run at /src/x/x.go:31", "",
		},
		{
			"several calls, of which others tell which one locks",
			stack(7, state, lock("0xc000010008"), outer, "q.(*U).get(0x1?) 20", "p.(*T).put(0xc000020000) 30", "p.(*T).Run(0xc000020000) 31") +
				stack(8, state, lock("0xc000020008"), outer, "p.(*T).len(0x1?) 50", "q.(*U).Do(0xc000010000,0x1) 60") +
				stack(9, state, lock("0xc000020008"), outer, "p.(*T).Run(0xc000020000) 27"),
			"which is in p.\\(\\*T\\).Run at /src/x/x.go:31\n", "put",
		},
		{
			"locks in locks in locks",
			stack(7, state, lock("0xc000010008"), outer, "a.(*Mutex).Lock(0xc000010008) 3", "b.(*Locker).Lock(0xc000030000,{0x1,0x2}) 4", "p.(*T).get(0xc000010000) 20"),
			"goroutine 7 waits for Mutex 0xc000010008 of p.T 0xc000010000, whose holder is not known", "Locker",
		},
		{
			"neighbours wait in the same place for locks of their own",
			stack(7, state, lock("0xc000010000"), outer, "p.(*T).get(0x0?) 20") + stack(8, state, lock("0xc000010008"), outer, "p.(*T).get(0x0?) 20"),
			"goroutine 7 waits for Mutex 0xc000010000, whose holder is not known", "may hold|seem",
		},
		{
			"neighbours wait for the same kind elsewhere",
			stack(7, state, lock("0xc000010000"), outer, "p.(*T).get(0x0?) 20") + stack(8, state, lock("0xc000010040"), outer, "p.(*T).put(0x0?) 30"),
			"goroutine 8 may hold it: it is in p.\\(\\*T\\).put .*, of an object that the dump does not tell", "next to it|seems to wait for a lock that",
		},
		{
			"a type that has one lock is another object if it has another",
			stack(7, state, lock("0xc000010000"), outer, "p.(*T).get(0x0?) 20") + stack(8, state, lock("0xc000010040"), outer, "p.(*T).put(0x0?) 30") +
				stack(9, state, lock("0xc000020000"), outer, "p.(*T).put(0xc000020000) 30"),
			"goroutine 7 waits for Mutex 0xc000010000, whose holder is not known", "goroutine 8 may|seem",
		},
		{
			"a pointer far below is of something else",
			stack(7, state, lock("0xc000010900"), outer, "p.work(0x0?) 20") + stack(8, "chan send", "q.(*U).send(0x1?,0xc000010000) 30"),
			"whose holder is not known", "goroutine 8 may|seem",
		},
		{
			"locks of which only the type is known",
			stack(7, "sync.RWMutex.Lock", "sync.(*RWMutex).Lock(0x0?) 1", "p.(*T).put(0x0?) 20") + stack(8, "sync.RWMutex.RLock", "sync.(*RWMutex).RLock(...) 1", "p.(*T).get(0x1?) 30"),
			"goroutines 7, 8 wait for RWMutex of p.T, whose holder is not known\nwhether that is one lock or several", "readers hold|may hold|seem",
		},
		{
			"it is so with three objects",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") +
				stack(8, state, lock("0xc000020008"), outer, "p.(*T).get(0xc000020000) 20", "p.(*T).Run(0xc000020000) 30") +
				stack(9, state, lock("0xc000030008"), outer, "p.(*T).get(0xc000030000) 20", "p.(*T).Run(0xc000030000) 30"),
			"goroutine 8 seems to wait for a lock that it holds itself", "not known",
		},
		{
			"it is so with two objects, and a third has a slow holder",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") +
				stack(8, state, lock("0xc000020008"), outer, "p.(*T).get(0xc000020000) 20", "p.(*T).Run(0xc000020000) 30") +
				stack(9, state, lock("0xc000030008"), outer, "p.(*T).get(0xc000030000) 20", "p.(*T).Run(0xc000030000) 30") +
				stack(10, "IO wait", "p.(*T).save(0xc000030000) 40"),
			"goroutine 10 may hold it", "seem",
		},
		{
			"who reads again, once",
			stack(7, "sync.RWMutex.RLock", "sync.(*RWMutex).RLock(0xc000010008) 1", "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") +
				stack(8, "sync.RWMutex.Lock", "sync.(*RWMutex).Lock(0xc000010008) 1", "p.(*T).put(0xc000010000) 40"),
			"goroutines 7, 8 seem to wait for each other's locks", "",
		},
		{
			"many read behind a writer",
			stack(7, "sync.RWMutex.RLock", "sync.(*RWMutex).RLock(0xc000010008) 1", "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") +
				stack(8, "sync.RWMutex.Lock", "sync.(*RWMutex).Lock(0xc000010008) 1", "p.(*T).put(0xc000010000) 40") +
				stack(9, "sync.RWMutex.RLock", "sync.(*RWMutex).RLock(0xc000010008) 1", "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") +
				stack(10, "sync.RWMutex.RLock", "sync.(*RWMutex).RLock(0xc000010008) 1", "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30"),
			"goroutines 7-10 wait for RWMutex .*, whose holder is not known", "seem|looks like",
		},
		{
			"one of many reads again, as others wait where it has passed",
			stack(7, "sync.RWMutex.RLock", "sync.(*RWMutex).RLock(0xc000010008) 1", "p.(*T).get(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30") +
				stack(8, "sync.RWMutex.Lock", "sync.(*RWMutex).Lock(0xc000010008) 1", "p.(*T).put(0xc000010000) 40") +
				stack(9, "sync.RWMutex.RLock", "sync.(*RWMutex).RLock(0xc000010008) 1", "p.(*T).Run(0xc000010000) 28") +
				stack(10, "sync.RWMutex.RLock", "sync.(*RWMutex).RLock(0xc000010008) 1", "p.(*T).Run(0xc000010000) 28"),
			"goroutines 7, 8 seem to wait for each other's locks", "",
		},
		{
			"a reader that wants to write, in a test alone",
			timedOut + stack(7, "sync.RWMutex.Lock", "sync.(*RWMutex).Lock(0xc000010008) 1", "p.(*T).put(0xc000010000) 20", "p.(*T).Run(0xc000010000) 30"),
			"goroutine 7 seems to wait for a lock that it holds itself", "",
		},
		{
			"of a chain of calls with lost receivers all are told",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20") + stack(8, "chan send", "p.(*T).send(0x0?) 30", "p.(*T).flush(...) 31", "p.(*T).Close(0x0?) 32"),
			"goroutine 8 may hold it: it is in p.\\(\\*T\\).send at /src/x/x.go:30, called by p.\\(\\*T\\).flush at /src/x/x.go:31, called by p.\\(\\*T\\).Close", "seem",
		},
		{
			"or the one that locks",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20") + stack(8, "chan send", "p.(*T).send(0x0?) 30", "p.(*T).flush(...) 31", "p.(*T).Close(0x0?) 42") +
				stack(9, state, lock("0xc000010008"), outer, "p.(*T).Close(0xc000010000) 41"),
			"goroutine 8 may hold it: it is in p.\\(\\*T\\).Close at /src/x/x.go:42, of", "T\\).send|flush",
		},
		{
			"a part that a helper waits for",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).get(0xc000010000) 20") +
				stack(8, "sync.WaitGroup.Wait", "sync.(*WaitGroup).Wait(0xc000010010) 2", "p.(*T).wait(0x0?) 30", "p.(*T).Stop(0x0?) 31"),
			"this looks like a deadlock\ngoroutine 8 may hold it: it is in p.\\(\\*T\\).wait at /src/x/x.go:30, called by p.\\(\\*T\\).Stop at /src/x/x.go:31, whose WaitGroup", "seem",
		},
		{
			"a type that embeds the one with the lock",
			stack(7, state, lock("0xc000010008"), outer, "p.(*Base).note(0xc000010000) 20", "p.(*T).work(0xc000010000) 21") + stack(8, "chan send", "p.(*T).Send(0x0?,0x1) 30"),
			"this looks like a deadlock|goroutine 8 may hold it: it is in p.\\(\\*T\\).Send", "seem|not known",
		},
		{
			"a writer behind another",
			stack(7, "sync.RWMutex.Lock", "sync.(*RWMutex).Lock(0xc000010000) 1", "p.(*T).put(0xc000010000) 20") +
				stack(8, "sync.Mutex.Lock", "internal/sync.(*Mutex).lockSlow(0xc000010000) 1", "sync.(*RWMutex).Lock(0xc000010000) 2", "p.(*T).put(0xc000010000) 20", "q.(*U).Put(0xc000020000) 21") +
				stack(9, state, lock("0xc000020000"), outer, "q.(*U).len(0xc000020000) 30", "p.(*T).Read(0xc000010000) 31"),
			"goroutines 7, 9, 8 seem to wait for each other's locks|goroutines 8, 7, 9 seem|goroutines 9, 8, 7 seem", "",
		},
		{
			"a method that only sounds like one of a lock",
			stack(7, state, lock("0xc000010008"), outer, "p.(*T).LockAll(0xc000010000) 20"),
			"of p.T", "",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := parseString(t, test.input)
			d.Analyze()
			got := findings(d)
			if !regexp.MustCompile(test.want).MatchString(got) {
				t.Errorf("got\n%s\nwant %s", got, test.want)
			}
			if test.not != "" && regexp.MustCompile(test.not).MatchString(got) {
				t.Errorf("got\n%s\nwhich must not have %s", got, test.not)
			}
		})
	}
}
