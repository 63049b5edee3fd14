package limiter

import (
	"sync"
	"testing"
)

func Test(t *testing.T) {
	l := New(1 << 30)
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 1000 {
			l.Allow("a")
			l.Used("b")
		}
	})
	wg.Go(func() {
		for range 1000 {
			l.Forget()
		}
	})
	wg.Wait()
}
