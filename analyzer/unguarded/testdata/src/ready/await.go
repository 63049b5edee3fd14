package ready

import (
	"errors"
	"sync"
)

var errStopped = errors.New("stopped")

// An Index is a Table that is waited for by methods.
type Index struct {
	mu     sync.Mutex
	rows   []string
	loaded chan struct{}
	stop   chan struct{}
}

func (t *Index) Load(rows []string) {
	t.mu.Lock()
	t.rows = append(t.rows, rows...)
	t.mu.Unlock()
	close(t.loaded)
}

func (t *Index) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.rows)
}

func (t *Index) First() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows[0]
}

func (t *Index) find(row string) int {
	for i, r := range t.rows {
		if r == row {
			return i
		}
	}
	return -1
}

func (t *Index) FindNow(row string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(row)
}

func (t *Index) Stop() { close(t.stop) }

// await returns nil when the table is complete.
func (t *Index) await() error {
	select {
	case <-t.loaded:
		return nil
	case <-t.stop:
		return errStopped
	}
}

// up tells whether the table is complete.
func (t *Index) up() bool {
	select {
	case <-t.loaded:
		return true
	default:
		return false
	}
}

func (t *Index) wait() { <-t.loaded }

func (t *Index) FindAwaited(row string) (int, error) {
	if err := t.await(); err != nil {
		return 0, err
	}
	return t.find(row), nil
}

func (t *Index) LastAwaited() string {
	t.wait()
	return t.rows[len(t.rows)-1]
}

func (t *Index) FindUp(row string) int {
	if t.up() {
		return t.find(row)
	}
	return 0
}

// FindAnyway does not look at the error.
func (t *Index) FindAnyway(row string) int {
	if err := t.await(); err != nil {
		println(err.Error())
	}
	return t.find(row) // want `calling \(\*Index\).find without holding Index.mu`
}
