package main

import (
	"example.com/run/p"

	sync "github.com/lockcheck/lockcheck/runtime"
)

type server struct{ mu sync.Mutex }

func main() {
	s := &server{}
	s.mu.Lock() // name: example.com/run.server.mu field
	p.Run()
}
