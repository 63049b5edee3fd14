package right

import "sync"

// A worker is stopped and started again by whoever runs reset: it is counted only when the old one has been waited for.
type worker struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	quit chan struct{}
}

func (w *worker) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.quit)
	w.wg.Wait()
}

func (w *worker) count() {
	w.quit = make(chan struct{})
	w.wg.Add(1)
}

func (w *worker) reset(start func(func()) bool) {
	w.stop()
	w.count()
	if !start(w.run) {
		w.wg.Done()
	}
}

func (w *worker) run() {
	defer w.wg.Done()
	<-w.quit
}

func Serve(w *worker, start func(func()) bool) {
	go w.reset(start)
}

func Close(w *worker) { w.stop() }

func (w *worker) begin() {
	w.mu.Lock()
	w.wg.Add(1)
	w.mu.Unlock()
}

func Rounds(w *worker, n int) {
	go func() {
		for range n {
			w.begin()
			w.wg.Done()
		}
	}()
}
