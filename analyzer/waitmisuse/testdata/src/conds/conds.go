// Package conds is about Cond.Wait outside of a loop.
package conds

import "sync"

type queue struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
}

func newQueue() *queue {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(x int) {
	q.mu.Lock()
	q.items = append(q.items, x)
	q.mu.Unlock()
	q.cond.Signal()
}

func (q *queue) bad() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.cond.Wait() // want `q.cond.Wait is not in a loop that tests the condition, which can be false again when it returns \(waitmisuse\)`
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

func (q *queue) good() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

func (q *queue) goodBreak() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		if len(q.items) > 0 {
			break
		}
		q.cond.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

func (q *queue) goodGoto() int {
	q.mu.Lock()
	defer q.mu.Unlock()
again:
	if len(q.items) == 0 {
		q.cond.Wait()
		goto again
	}
	return q.items[0]
}

// pause is called in a loop.
func (q *queue) pause() {
	if len(q.items) == 0 {
		q.cond.Wait()
	}
}

func (q *queue) goodHelper() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.pause()
	}
	return q.items[0]
}

// goodRetest lets its caller see that there is still nothing.
func (q *queue) goodRetest() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.cond.Wait()
	}
	if len(q.items) == 0 {
		return 0, false
	}
	return q.items[0], true
}

// wait is no more than the method it calls.
func (q *queue) wait() { q.cond.Wait() }

type gate struct {
	mu   sync.Mutex
	cond sync.Cond
	open bool
}

func (g *gate) unlock() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
	g.cond.Broadcast()
}

// goodOnce waits for what stays so.
func (g *gate) goodOnce() {
	g.mu.Lock()
	if !g.open {
		g.cond.Wait()
	}
	g.mu.Unlock()
}

// A turnstile holds runners back, if it is there.
type turnstile struct {
	mu    sync.Mutex
	round *sync.Cond
	open  bool
	last  *queue
}

// A nil test is no condition: it tells whether there is anything to wait for.
func (t *turnstile) goodNone() {
	if t == nil {
		return
	}
	if c := t.round; c != nil {
		c.L.Lock()
		c.Wait()
		c.L.Unlock()
	}
}

// The inner test is the condition.
func (t *turnstile) badSome() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.open && t.round != nil {
		t.round.Wait() // want `t.round.Wait is not in a loop that tests the condition`
	}
	t.open = false
}

// Here nil is what is waited for: another pointer.
func (t *turnstile) badPointer() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		t.round.Wait() // want `t.round.Wait is not in a loop that tests the condition`
	}
	return t.last.good()
}

func (t *turnstile) set(q *queue) {
	t.mu.Lock()
	t.last = q
	t.open = q != nil
	t.mu.Unlock()
	t.round.Broadcast()
}

type turnstiles struct {
	mu     sync.Mutex
	rounds map[string]*sync.Cond
	open   map[string]bool
}

func (t *turnstiles) goodNone(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c, ok := t.rounds[name]; ok {
		c.Wait()
	}
}

func (t *turnstiles) badSome(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.rounds[name]
	if _, ok := t.open[name]; ok {
		c.Wait() // want `c.Wait is not in a loop that tests the condition`
	}
	delete(t.open, name)
	t.open[name+name] = true
}

func (t *turnstile) there() bool { return t.round != nil }

// A function tells whether there is one.
func (t *turnstile) goodThere() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.there() {
		t.round.Wait()
	}
}
