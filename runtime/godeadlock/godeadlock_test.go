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
cycle: ledger.sync -> account.mu -> ledger.sync
goroutine A locks account.mu while holding ledger.sync:
  godeadlock.(*bank).audit {audit: account}
  note: ledger.sync was read-locked by goroutine A at {audit: ledger}
earlier, a goroutine locked ledger.sync while holding account.mu:
  godeadlock.(*bank).record {record: ledger}
  godeadlock.(*bank).transfer {transfer: record}
  note: account.mu was locked by that goroutine at {transfer: account}
`)
}

// TestInterface has calls of Lock that are not inlined.
func TestInterface(t *testing.T) {
	compare(t, run(t, "interface"), `lock order inversion (lockorder)
cycle: swap@a -> swap@b -> swap@a
goroutine A locks swap@b while holding swap@a:
  godeadlock.swap {swap: second}
  note: swap@a was locked by goroutine A at {swap: first}
earlier, a goroutine locked swap@a while holding swap@b:
  godeadlock.swap {swap: second}
  note: swap@b was locked by that goroutine at {swap: first}
`)
}

func TestTryLock(t *testing.T) { compare(t, run(t, "trylock"), "") }

func TestRecursion(t *testing.T) {
	compare(t, run(t, "recursion"), `lock taken again by its holder (doublelock) certain
goroutine A locks account.mu, which it holds:
  godeadlock.(*bank).sum {sum: again}
earlier, goroutine A locked account.mu:
  godeadlock.(*bank).sum {sum: account}
`)
}

func TestReadRecursion(t *testing.T) {
	compare(t, run(t, "read recursion"), `read lock taken again by its holder (doublelock)
goroutine A read-locks ledger.sync, which it holds:
  godeadlock.(*bank).size {size: ledger}
  godeadlock.(*bank).count {count: size}
  note: a goroutine that locks it for writing in between makes both wait forever
earlier, goroutine A read-locked ledger.sync:
  godeadlock.(*bank).count {count: ledger}
`)
}

func TestTimeout(t *testing.T) {
	compare(t, run(t, "timeout"), `lock waited for longer than 50ms (waiting)
goroutine A has waited for account.mu for more than 50ms:
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
	titles := regexp.MustCompile(`(?m)^.* \((lockorder|doublelock|waiting)\)( certain)?$`).FindAllString(got, -1)
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
