package ready

import "sync"

// A Sheet is looked at when it is not complete.
type Sheet struct {
	mu     sync.Mutex
	rows   []string
	loaded chan struct{}
	stop   chan struct{}
}

func (t *Sheet) Load(rows []string) {
	t.mu.Lock()
	t.rows = append(t.rows, rows...)
	t.mu.Unlock()
	close(t.loaded)
}

func (t *Sheet) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.rows)
}

func (t *Sheet) First() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows[0]
}

func (t *Sheet) find(row string) int {
	for i, r := range t.rows {
		if r == row {
			return i
		}
	}
	return -1
}

func (t *Sheet) FindNow(row string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(row)
}

func (t *Sheet) Stop() { close(t.stop) }

// up tells whether the sheet is complete.
func (t *Sheet) up() bool {
	select {
	case <-t.loaded:
		return true
	default:
		return false
	}
}

func (t *Sheet) FindUp(row string) int {
	if t.up() {
		return t.find(row)
	}
	return 0
}

func (t *Sheet) FindDown(row string) int {
	if t.up() {
		return 0
	}
	return t.find(row) // want `calling \(\*Sheet\).find without holding Sheet.mu`
}
