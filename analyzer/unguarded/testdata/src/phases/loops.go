package phases

import "sync"

// A Relay fills its list in a loop before it starts goroutines that read it, in another loop.
type Relay struct {
	mu    sync.Mutex // guards the following fields
	hosts []string
	turn  int
}

func (r *Relay) Run(names []string, in <-chan int) {
	for _, n := range names {
		r.hosts = append(r.hosts, n)
	}
	for range in {
		go r.serve()
	}
}

func (r *Relay) serve() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn++
	println(r.hosts[r.turn%len(r.hosts)])
	if r.turn > 100 {
		r.hosts = r.hosts[1:]
	}
}
