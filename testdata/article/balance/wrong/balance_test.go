package balance

import (
	"sync"
	"testing"
)

func Test(t *testing.T) {
	var a Account
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 1000 {
				a.Deposit(2)
				a.Withdraw(1)
				if a.Balance() < 0 {
					panic("in debt")
				}
			}
		})
	}
	wg.Wait()
}
