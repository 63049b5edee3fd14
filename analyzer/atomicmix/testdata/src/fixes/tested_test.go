package fixes

import "testing"

func TestTested(t *testing.T) {
	var x Tested
	x.Add()
	if x.count != 1 {
		t.Fail()
	}
}
