package nobodyright

import "context"

type rows struct{ cancel context.CancelFunc }

func (r *rows) wait(ctx context.Context) {
	<-ctx.Done()
	r.close()
}

func (r *rows) close() { r.cancel() }

// Stop can come first.
func (r *rows) Stop() { r.close() }

func Query() *rows {
	r := &rows{}
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(context.Background())
	go r.wait(ctx)
	return r
}

// Stages pass a signal on; the first one gets it from elsewhere.
func Stages() {
	var last chan struct{}
	for range 3 {
		c := make(chan struct{})
		in := last
		go func() {
			if in != nil {
				<-in
			}
			close(c)
		}()
		last = c
	}
	<-last
}

// A log for one result.
type result struct{ errs chan error }

func Results(n int) []*result {
	var out []*result
	for range n {
		r := &result{errs: make(chan error, 1)}
		go func() { r.errs <- nil }()
		out = append(out, r)
	}
	return out
}
