package logwriter

import (
	"sync"
	"testing"
)

func Test(t *testing.T) {
	var l Log
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 1000 {
			l.Print("a")
		}
	})
	wg.Go(func() {
		for range 1000 {
			l.Warn("b")
		}
	})
	wg.Wait()
	l.Clear()
}
