// Package ready has a table that is complete when a channel is closed, and does not change any more.
package ready

import "sync"

type Table struct {
	mu     sync.Mutex
	rows   []string
	loaded chan struct{}
	stop   chan struct{}
}

func New() *Table { return &Table{loaded: make(chan struct{}), stop: make(chan struct{})} }

// Load is called once: the second close would crash.
func (t *Table) Load(rows []string) {
	defer close(t.loaded)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, rows...)
}

func (t *Table) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.rows)
}

func (t *Table) First() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.rows) == 0 {
		return ""
	}
	return t.rows[0]
}

func (t *Table) find(row string) int {
	for i, r := range t.rows {
		if r == row {
			return i
		}
	}
	return -1
}

func (t *Table) FindNow(row string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(row)
}

// Find waits until the table is complete.
func (t *Table) Find(row string) int {
	<-t.loaded
	return t.find(row)
}

// Has goes on in one of the cases only with what it has waited for.
func (t *Table) Has(row string) bool {
	select {
	case <-t.loaded:
		return t.both(row, row)
	case <-t.stop:
		return false
	}
}

func (t *Table) both(a, b string) bool { return t.find(a) >= 0 && t.find(b) >= 0 }

// FindStopped has waited for something else.
func (t *Table) FindStopped(row string) int {
	<-t.stop
	return t.find(row) // want `calling \(\*Table\).find without holding Table.mu`
}

func (t *Table) Stop() { close(t.stop) }
