// Command child does what its arguments name, for the tests of package lockcheck: it hangs, races,
// or misbehaves in another way, and says what a dump or a report shall show. It is built with
// and without -race and -tags lockcheck.
package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
	"github.com/lockcheck/lockcheck/runtime/dump"
)

var programs = map[string]func(){}

func main() {
	f := programs[os.Args[1]]
	if f == nil {
		fmt.Fprintf(os.Stderr, "child: no program %q; there are %q\n", os.Args[1], slices.Sorted(maps.Keys(programs)))
		os.Exit(3)
	}
	f()
}

// await returns when as many goroutines as states names are in these states. It looks from
// outside, as a dump does, so that no sleep is long enough but none too short.
func await(states ...string) {
	slices.Sort(states)
	for {
		var have []string
		for _, g := range lockcheck.Snapshot().Goroutines {
			if slices.Contains(states, g.State) && works(g) {
				have = append(have, g.State)
			}
		}
		slices.Sort(have)
		if slices.Equal(have, states) {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// works reports whether a goroutine is one of this program's, other than main, and is in no code of
// lockcheck's, which has locks, too.
func works(g *dump.Goroutine) bool {
	if slices.ContainsFunc(g.Frames, func(f dump.Frame) bool { return strings.Contains(f.Func, "/runtime/internal/") }) {
		return false
	}
	return g.CreatedBy != nil && (strings.HasPrefix(g.CreatedBy.Func, "main.") || strings.HasSuffix(g.CreatedBy.Func, "WaitGroup).Go"))
}

// show prints a dump in the form that the second argument names.
func show() {
	var err error
	if len(os.Args) > 2 && os.Args[2] == "text" {
		err = lockcheck.Dump(os.Stdout)
	} else {
		err = lockcheck.DumpJSON(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
