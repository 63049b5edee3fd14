package godeadlock

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	number  = regexp.MustCompile(`goroutine \d+`)
	lineOf  = regexp.MustCompile(`\{([^{}]*)\}`)
	literal = regexp.MustCompile(`(?m)^  godeadlock\.(init\.|in\b).*\n`) // of the program itself
)

// compare compares findings with what is wanted, in which {COMMENT} is the place of the
// line of locks_test.go that ends with it, and goroutines have letters by appearance.
func compare(t *testing.T, got, want string) {
	t.Helper()
	data, err := os.ReadFile("locks_test.go")
	if err != nil {
		t.Fatal(err)
	}
	want = lineOf.ReplaceAllStringFunc(want, func(m string) string {
		n := 0
		for line := range strings.Lines(string(data)) {
			if n++; strings.HasSuffix(line, "// "+m[1:len(m)-1]+"\n") {
				return fmt.Sprintf("locks_test.go:%d", n)
			}
		}
		t.Fatalf("no line %s", m)
		return ""
	})
	ids := make(map[string]string)
	got = number.ReplaceAllStringFunc(got, func(m string) string {
		if ids[m] == "" {
			ids[m] = fmt.Sprintf("goroutine %c", 'A'+len(ids))
		}
		return ids[m]
	})
	got = strings.ReplaceAll(got, "github.com/lockcheck/lockcheck/runtime/godeadlock.", "")
	got = literal.ReplaceAllString(got, "")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSilent(t *testing.T) { compare(t, run(t, "silent"), "") }

func TestInversion(t *testing.T) {
	compare(t, run(t, "inversion"), `lock order inversion (lockorder)
cycle: ledger.sync -> account.mu
goroutine A locks godeadlock.account.mu while holding godeadlock.ledger.sync:
  godeadlock.(*bank).audit {audit: account}
  note: godeadlock.ledger.sync was read-locked by goroutine A at {audit: ledger}, in godeadlock.(*bank).audit
another time, a goroutine locks godeadlock.ledger.sync while holding godeadlock.account.mu:
  godeadlock.(*bank).record {record: ledger}
  godeadlock.(*bank).transfer {transfer: record}
  note: godeadlock.account.mu was locked by that goroutine at {transfer: account}, in godeadlock.(*bank).transfer
`)
}

// TestInterface has calls of Lock that are not inlined.
func TestInterface(t *testing.T) {
	compare(t, run(t, "interface"), `lock order inversion (lockorder)
cycle: swap@a -> swap@b
goroutine A locks godeadlock.swap@b while holding godeadlock.swap@a:
  godeadlock.swap {swap: second}
  note: godeadlock.swap@a was locked by goroutine A at {swap: first}, in godeadlock.swap
another time, a goroutine locks godeadlock.swap@a while holding godeadlock.swap@b:
  godeadlock.swap {swap: second}
  note: godeadlock.swap@b was locked by that goroutine at {swap: first}, in godeadlock.swap
`)
}

func TestTryLock(t *testing.T) { compare(t, run(t, "trylock"), "") }

func TestRecursion(t *testing.T) {
	compare(t, run(t, "recursion"), `self-deadlock (doublelock) certain
cycle: account.mu
goroutine A locks godeadlock.account.mu, which it holds already:
  godeadlock.(*bank).sum {sum: again}
before, goroutine A locked godeadlock.account.mu:
  godeadlock.(*bank).sum {sum: account}
`)
}

func TestReadRecursion(t *testing.T) {
	compare(t, run(t, "read recursion"), `recursive read lock (rlockrecursion)
cycle: ledger.sync
goroutine A read-locks godeadlock.ledger.sync, which it has read-locked already:
  godeadlock.(*bank).size {size: ledger}
  godeadlock.(*bank).count {count: size}
before, goroutine A read-locked godeadlock.ledger.sync:
  godeadlock.(*bank).count {count: ledger}
`)
}

func TestTimeout(t *testing.T) {
	compare(t, run(t, "timeout"), `lock waited for longer than 50ms (waiting)
goroutine A has waited to lock godeadlock.account.mu for more than 50ms:
  godeadlock.(*bank).pay {pay: account}
goroutine B, which holds it, locked it:
  godeadlock.(*bank).hold {hold: account}
goroutine B is now in this state, chan receive:
  godeadlock.(*bank).hold {hold: release}
`)
}

// TestConcurrent has many reports of three bugs.
func TestConcurrent(t *testing.T) {
	got := run(t, "concurrent")
	titles := regexp.MustCompile(`(?m)^.* \((lockorder|rlockrecursion|waiting)\)( certain)?$`).FindAllString(got, -1)
	if len(titles) != 3 || strings.Contains(got, "not understood") || strings.Contains(got, "want") {
		t.Errorf("the program reports %q, and prints\n%s", titles, got)
	}
}

func TestCallback(t *testing.T) { compare(t, run(t, "callback"), "calls: 1\n") }

func TestReceiverLocks(t *testing.T) { compare(t, run(t, "receiver locks"), "went on\n") }

func TestReceiverPanics(t *testing.T) {
	if got := run(t, "receiver panics"); !strings.HasPrefix(got, "panic: lock order inversion\n") {
		t.Errorf("the program prints\n%s", got)
	}
}

func TestNotUnderstood(t *testing.T) {
	compare(t, run(t, "not understood"), `go-deadlock reports what is not understood (lockorder)
POTENTIAL DEADLOCK: in words to come
  note: more of them
`)
}
