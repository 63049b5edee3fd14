package once

import "testing"

func Test(t *testing.T) {
	testedMu.Lock()
	tested = &Config{name: t.Name()}
	testedMu.Unlock()
}
