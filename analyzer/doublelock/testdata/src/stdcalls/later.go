// Purpose: functions handed to the standard library which are run later or by
// another goroutine: registering them under the lock is fine.

package stdcalls

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"time"
)

type Watch struct {
	mu    sync.Mutex
	timer *time.Timer
	n     int
}

func (w *Watch) fire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
}

func (w *Watch) AfterFuncOk() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(time.Hour, w.fire)
	w.timer.Stop()
}

func (w *Watch) AfterFuncLiteralOk() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(time.Hour, func() { w.fire() })
}

func (w *Watch) AfterFuncBad() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(time.Hour, w.fire)
	w.fire() // want `calling \(\*Watch\)\.fire locks w\.mu \(later\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

func (w *Watch) ContextOk(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { w.fire() })
	stop()
}

func (w *Watch) HandleOk() {
	mux := http.NewServeMux()
	w.mu.Lock()
	defer w.mu.Unlock()
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) { w.fire() })
}

func (w *Watch) WaitGroupGoOk() {
	var wg sync.WaitGroup
	w.mu.Lock()
	wg.Go(func() { w.fire() })
	w.mu.Unlock()
	wg.Wait()
}

func (w *Watch) CleanupOk() {
	w.mu.Lock()
	defer w.mu.Unlock()
	runtime.AddCleanup(w, func(n int) { (&Watch{}).fire() }, 1)
}
