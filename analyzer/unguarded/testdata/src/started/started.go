// Package started has goroutines that run already when their starter goes on.
package started

import "sync"

type Feed struct {
	mu    sync.Mutex
	names []string
	turn  int
}

// Run goes on with the list after it has started those who use it.
func (f *Feed) Run(names []string) {
	for _, n := range names {
		f.names = append(f.names, n) // want `write to Feed\.names without holding Feed\.mu`
		go f.serve()
	}
}

func (f *Feed) serve() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.turn++
	println(f.names[f.turn%len(f.names)])
	if f.turn > 100 {
		f.names = f.names[1:]
	}
}

func (f *Feed) drop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.names = nil
}

func (f *Feed) Drop() { f.drop() }
