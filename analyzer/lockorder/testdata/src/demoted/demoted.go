// Package demoted: orders that are reported with -all only: those in generated files,
// and those of which one side is in a test file.
package demoted

import "sync"

var aMu, bMu, n = sync.Mutex{}, sync.Mutex{}, 0

func ABOk() {
	aMu.Lock()
	defer aMu.Unlock()
	bMu.Lock()
	defer bMu.Unlock()
	n++
}
