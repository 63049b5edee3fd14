//go:build lockcheck

package lockcheck_test

import (
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
)

// TestStandstill runs programs in which no goroutine can go on, and others that only look like it.
func TestStandstill(t *testing.T) {
	dir, err := filepath.Abs("testdata/child")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, want string }{
		{"still group", `^deadlock, unless a timer is set that ends it: no goroutine goes on \(deadlock\)\n$`},
		{"still channel", `^deadlock, unless a timer is set that ends it: no goroutine goes on \(deadlock\)\n$`},
		{"still asleep", `^deadlock, unless a timer is set that ends it: no goroutine goes on \(deadlock\)\n$`},
		{"still ring", `(?m)^deadlock of 50 goroutines: `},
		{"still mode", `^self-deadlock: `},
		{"still semaphore", `^$`},
		{"still timer", `^$`},
		{"still deadline", `^note: deadlock, unless a timer .*\ndone\n$`},
		{"still values", `^$`},
		{"still phases", `^$`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.name == "still phases" && runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
				t.Skip("descriptors of goroutines are not read on " + runtime.GOARCH)
			}
			r := run(t, dir, nil, child(t, false), test.name)
			if r.code != 0 || !regexp.MustCompile(test.want).MatchString(r.stdout) {
				t.Errorf("exit code %d, want %s; it printed\n%s%s", r.code, test.want, r.stdout, r.stderr)
			}
		})
	}
}
