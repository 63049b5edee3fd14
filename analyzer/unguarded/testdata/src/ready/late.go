package ready

import "sync"

// A Late table changes when it has been said to be complete.
type Late struct {
	mu     sync.Mutex
	rows   []string
	loaded chan struct{}
}

func (t *Late) Load(rows []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.loaded)
	t.rows = append(t.rows, rows...)
}

func (t *Late) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.rows)
}

func (t *Late) First() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows[0]
}

func (t *Late) find(row string) int {
	for i, r := range t.rows {
		if r == row {
			return i
		}
	}
	return -1
}

func (t *Late) FindNow(row string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(row)
}

func (t *Late) Find(row string) int {
	<-t.loaded
	return t.find(row) // want `calling \(\*Late\).find without holding Late.mu`
}

// A Growing table can be added to by those who do not close the channel.
type Growing struct {
	mu     sync.Mutex
	rows   []string
	loaded chan struct{}
}

func (t *Growing) Load(rows []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, rows...)
	close(t.loaded)
}

func (t *Growing) Add(row string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = append(t.rows, row)
}

func (t *Growing) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.rows)
}

func (t *Growing) find(row string) int {
	for i, r := range t.rows {
		if r == row {
			return i
		}
	}
	return -1
}

func (t *Growing) FindNow(row string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.find(row)
}

func (t *Growing) Find(row string) int {
	<-t.loaded
	return t.find(row) // want `calling \(\*Growing\).find without holding Growing.mu`
}
