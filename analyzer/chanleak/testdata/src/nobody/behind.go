package nobody

import "context"

// A pair closes both channels, each behind the other.
type pair struct{ left, right chan struct{} }

func (p *pair) first() {
	<-p.left // want `receive from pair.left never returns: what closes it at behind.go:15 comes only behind such a wait`
	println("first")
	p.end()
}

func (p *pair) end() {
	close(p.left)
}

// Pair starts one.
func Pair() {
	p := &pair{left: make(chan struct{})}
	go p.first()
}

type rows struct{ cancel context.CancelFunc }

func (r *rows) wait(ctx context.Context) {
	<-ctx.Done() // want `receive from ctx.Done\(\) never returns: what cancels the context at behind.go:31 comes only behind such a wait`
	r.close()
}

func (r *rows) close() { r.cancel() }

// Query leaves a goroutine that waits for itself.
func Query() {
	r := &rows{}
	r.start(context.Background())
}

func (r *rows) start(ctx context.Context) {
	ctx, r.cancel = context.WithCancel(ctx)
	go r.wait(ctx)
}

// A log has room for one line, and nobody reads it.
type log struct{ lines chan string }

func NewLog() *log { return &log{lines: make(chan string, 1)} }

func (l *log) Put(s string) {
	l.lines <- s // want `send on log.lines never returns once there is 1 value in it: nothing receives from it`
}
