package parallel

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
)

func TestDo(t *testing.T) {
	for _, n := range []int{0, 1, 2, 100} {
		seen := make([]atomic.Int32, n)
		Do(n, func(i int) { seen[i].Add(1) })
		for i := range seen {
			if k := seen[i].Load(); k != 1 {
				t.Errorf("n = %d: step %d ran %d times", n, i, k)
			}
		}
	}
}

func TestDoPanics(t *testing.T) {
	err := errors.New("seven")
	defer func() {
		p, ok := recover().(*Panic)
		if !ok || p.Value != err || !strings.Contains(string(p.Stack), "broken") {
			t.Errorf("Do panics with %v", p)
		}
	}()
	Do(20, func(i int) {
		if i == 7 || i == 15 {
			broken(err)
		}
	})
}

func broken(err error) { panic(err) }
