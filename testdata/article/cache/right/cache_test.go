package cache

import (
	"strconv"
	"sync"
	"testing"
)

func Test(t *testing.T) {
	c := New()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 100 {
				c.Get(strconv.Itoa(i))
			}
		})
	}
	wg.Wait()
}
