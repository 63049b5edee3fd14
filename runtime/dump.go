package lockcheck

import (
	"bytes"
	"io"
	"os"
	"time"

	"github.com/lockcheck/lockcheck/runtime/dump"
	"github.com/lockcheck/lockcheck/runtime/internal/stacks"
)

// Dump prints all goroutines to w: what each does, which lock it waits for and who holds that, which locks it
// holds and where it took them; then those that are deadlocked. It takes no lock of the program, so it
// works when everything is stuck. It stops the world for about a millisecond per 1,000 goroutines.
// Without -tags lockcheck, it tells what the stacks tell.
func Dump(w io.Writer) error { return Snapshot().WriteText(w) }

// DumpJSON is Dump in the form that docs/dump.md describes.
func DumpJSON(w io.Writer) error { return Snapshot().WriteJSON(w) }

// Snapshot returns what Dump prints.
func Snapshot() *dump.Dump {
	locks := snapshot() // before the stacks, so that whoever waits in it waits in them
	d, err := dump.Parse(bytes.NewReader(stacks.All()))
	if err != nil {
		d = &dump.Dump{Notes: []string{"the stacks of the goroutines cannot be read: " + err.Error()}}
	}
	d.Time = time.Now()
	d.PID = os.Getpid()
	locks.fill(d)
	d.Analyze()
	return d
}
