// Purpose: embedded locks, promoted locks, anonymous struct fields, and Lockers
// whose lock is in sight. Where it is not, nothing is said.

package direct

import "sync"

type Queue struct {
	sync.Mutex
	jobs []int
}

type Worker struct {
	sync.Mutex
	queue *Queue
}

func (w *Worker) StealBad() {
	w.Lock()
	defer w.Unlock()
	w.queue.Lock() // want `Queue(\.Mutex)? is locked while Worker(\.Mutex)? is held, but embedded\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	w.queue.jobs = nil
	w.queue.Unlock()
}

func (q *Queue) AssignBad(w *Worker) {
	q.Lock()
	defer q.Unlock()
	w.Lock()
	w.queue = q
	w.Unlock()
}

type Base struct{ mu sync.Mutex }

type View struct {
	*Base
	title string
}

type Theme struct{ mu sync.Mutex }

// v.mu is Base.mu.
func (v *View) PaintBad(t *Theme) {
	v.mu.Lock()
	defer v.mu.Unlock()
	t.mu.Lock() // want `Theme\.mu is locked while Base\.mu is held, but embedded\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	t.mu.Unlock()
}

func (t *Theme) ApplyBad(b *Base) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b.mu.Lock()
	b.mu.Unlock()
}

type Node struct {
	raft struct {
		sync.Mutex
		term int
	}
	log struct {
		sync.Mutex
		last int
	}
}

func (n *Node) StepBad() {
	n.raft.Lock()
	defer n.raft.Unlock()
	n.log.Lock() // want `Node\.log(\.Mutex)? is locked while Node\.raft(\.Mutex)? is held, but embedded\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	n.log.last = n.raft.term
	n.log.Unlock()
}

func (n *Node) CompactBad() {
	n.log.Lock()
	defer n.log.Unlock()
	n.raft.Lock()
	n.raft.term = n.log.last
	n.raft.Unlock()
}

// The Locker holds a lock one can see.
type Door struct {
	mu   sync.Mutex
	bell sync.Mutex
}

func (d *Door) RingBad() {
	var l sync.Locker = &d.mu
	l.Lock()
	defer l.Unlock()
	d.bell.Lock() // want `Door\.bell is locked while Door\.mu is held, but embedded\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	d.bell.Unlock()
}

func (d *Door) OpenBad() {
	d.bell.Lock()
	defer d.bell.Unlock()
	d.mu.Lock()
	d.mu.Unlock()
}

// An interface that embeds Locker: which lock, one cannot know.
type Resource interface {
	sync.Locker
	Name() string
}

type Index struct {
	mu    sync.Mutex
	names []string
}

func (x *Index) AddOk(r Resource) {
	x.mu.Lock()
	defer x.mu.Unlock()
	r.Lock()
	x.names = append(x.names, r.Name())
	r.Unlock()
}

func (x *Index) RenameOk(r Resource) {
	r.Lock()
	defer r.Unlock()
	x.mu.Lock()
	x.names = nil
	x.mu.Unlock()
}

func CopyOk(dst, src Resource) {
	dst.Lock()
	src.Lock()
	src.Unlock()
	dst.Unlock()
}
