package lockgraph_test

import (
	"testing"

	"github.com/lockcheck/lockcheck/lockgraph"
)

func TestModeOther(t *testing.T) {
	for _, m := range []lockgraph.Mode{lockgraph.Write, lockgraph.Read} {
		if o := m.Other(); o == m || o.Other() != m || o.Excludes(m) != true {
			t.Errorf("the mode other than %v is %v", m, o)
		}
	}
}
