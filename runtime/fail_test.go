//go:build lockcheck

package lockcheck_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

const failing = `package x

import (
	"fmt"
	"os"
	"testing"

	sync "github.com/lockcheck/lockcheck/runtime"
)

type from struct{ mu sync.Mutex }

type to struct{ mu sync.Mutex }

func TestOrders(t *testing.T) {
	f, o := &from{}, &to{}
	for i := range 2 {
		done := make(chan bool)
		go func() {
			first, second := &f.mu, &o.mu
			if i == 1 && os.Getenv("RIGHT") == "" {
				first, second = second, first
			}
			first.Lock()
			second.Lock()
			second.Unlock()
			first.Unlock()
			done <- true
		}()
		<-done
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	fmt.Println("TestMain goes on with", code)
	os.Exit(code)
}
`

// TestFailing runs tests that know nothing of this package but its types: the binary fails if something was reported, in its end.
func TestFailing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeModule(t, dir, []txtar.File{{Name: "x_test.go", Data: []byte(failing)}})
	for _, tt := range []struct {
		name, env      string
		args           []string
		code           int
		report, passes bool
	}{
		{"a report", "", nil, 1, true, false},
		{"with the race detector", "", []string{"-race"}, 1, true, false},
		{"none", "RIGHT=1", nil, 0, false, true},
		{"turned off", "LOCKCHECK=exit=off", []string{"-v"}, 0, true, true},
	} {
		if tt.args != nil && tt.args[0] == "-race" && testing.Short() {
			continue
		}
		res := run(t, dir, []string{tt.env}, "go", append(tagged("test", "-mod=mod", "-count=1"), tt.args...)...)
		all := res.stdout + res.stderr
		if res.code != tt.code {
			t.Errorf("%s: exit code %d, want %d\n%s", tt.name, res.code, tt.code, all)
		}
		if got := strings.Contains(all, "LOCKCHECK: lock order inversion"); got != tt.report {
			t.Errorf("%s: reported: %v, want %v\n%s", tt.name, got, tt.report, all)
		}
		if tt.code != 0 && (!strings.Contains(all, "TestMain goes on with 0") || !strings.Contains(all, "so this test binary fails") || strings.Contains(all, "DATA RACE")) {
			t.Errorf("%s: not as it should be:\n%s", tt.name, all)
		}
	}
}
