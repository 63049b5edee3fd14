package weaker

import "testing"

func stay(c chan int) {
	<-c // want `receive from c never returns: nothing sends on it or closes it`
}

// TestStay leaves a goroutine behind.
func TestStay(t *testing.T) {
	go stay(make(chan int))
}
