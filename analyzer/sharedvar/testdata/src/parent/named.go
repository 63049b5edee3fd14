package parent

// An answer is a bool by another name.
type answer bool

// Sometimes waits exactly if it has started the goroutine.
func Sometimes(parallel bool) int {
	n := 0
	var started answer
	done := make(chan struct{})
	if parallel {
		started = true
		go func() {
			n++
			close(done)
		}()
	}
	if started {
		<-done
	}
	return n
}

// Never waits exactly if it has started none.
func Never(parallel bool) int {
	n := 0
	var idle answer = true
	done := make(chan struct{})
	if parallel {
		idle = false
		go func() {
			n++
			close(done)
		}()
	} else {
		close(done)
	}
	if idle {
		<-done
	}
	return n // want `n is assigned by the goroutine started at line \d+ and read here without waiting for it; the two race`
}
