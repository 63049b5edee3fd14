package demoted

import "testing"

func TestOk(t *testing.T) {
	bMu.Lock()
	defer bMu.Unlock()
	aMu.Lock()
	defer aMu.Unlock()
	n--
}
