//go:build go1.24

package fixes

import (
	"fmt"
	"sync"
)

// withoutGo is compiled by releases that have no WaitGroup.Go.
func withoutGo(xs []int) {
	var wg sync.WaitGroup
	for _, x := range xs {
		go func() {
			defer wg.Done()
			fmt.Println("start")
			wg.Add(1) // want `wg.Add is called in the goroutine that it counts`
			work(x)
		}()
	}
	wg.Wait()
}
