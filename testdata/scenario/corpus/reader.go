//lint:file-ignore SA2001 what the locks guard does not matter here

package main

import "sync"

// Readers and writers: readers do not exclude each other, but a writer that waits makes
// them. An inversion of read locks needs two such writers, each waiting for another lock.
var readers = []scenario{
	{Name: "rr", What: "inversion of read locks, no writer", Want: 0, run: func() { inTurn(new(maps).read, new(maps).readBack) }},
	{Name: "rr-same", What: "inversion of the same two read locks, no writer", Want: 0, run: func() { m := new(maps); inTurn(m.read, m.readBack) }},
	{Name: "rr-writer-before", What: "inversion of read locks, after writers of each", Want: 1, run: func() { m := new(maps); inTurn(m.write, m.write, m.read, m.readBack) }},
	{Name: "rr-writer-after", What: "inversion of read locks, before writers of each", Want: 1, run: func() { m := new(maps); inTurn(m.read, m.readBack, m.write, m.write) }},
	{Name: "rw-mixed", What: "inversion, each goroutine reads first and writes second", Want: 1, run: mixed},
	{Name: "rlocker", What: "inversion through RLocker()", Want: 1, run: rlocker},
	{Name: "rlock-twice", What: "recursive RLock, no writer", Want: 0, run: func() { m := new(maps); inTurn(m.twice) }},
	{Name: "rlock-twice-writer", What: "recursive RLock, a writer known", Want: 1, run: func() { m := new(maps); inTurn(m.write, m.twice) }},
	{Name: "rlock-twice-writer-after", What: "recursive RLock, a writer follows", Want: 1, run: func() { m := new(maps); inTurn(m.twice, m.write) }},
}

type maps struct {
	names sync.RWMutex
	ids   sync.RWMutex
	n     int
}

func (m *maps) read() {
	m.names.RLock()
	m.ids.RLock()
	m.ids.RUnlock()
	m.names.RUnlock()
}

func (m *maps) readBack() {
	m.ids.RLock()
	m.names.RLock()
	m.names.RUnlock()
	m.ids.RUnlock()
}

func (m *maps) write() {
	m.names.Lock()
	m.n++
	m.names.Unlock()
	m.ids.Lock()
	m.n++
	m.ids.Unlock()
}

func (m *maps) twice() {
	m.names.RLock()
	defer m.names.RUnlock()
	m.lookup()
}

func (m *maps) lookup() int {
	m.names.RLock()
	defer m.names.RUnlock()
	return m.n
}

func mixed() {
	m := new(maps)
	inTurn(
		func() { m.names.RLock(); m.ids.Lock(); m.ids.Unlock(); m.names.RUnlock() },
		func() { m.ids.RLock(); m.names.Lock(); m.names.Unlock(); m.ids.RUnlock() },
	)
}

func rlocker() {
	var mu sync.Mutex
	m := new(maps)
	inTurn(
		func() {
			l := m.names.RLocker()
			mu.Lock()
			l.Lock()
			l.Unlock()
			mu.Unlock()
		},
		func() { m.names.Lock(); mu.Lock(); mu.Unlock(); m.names.Unlock() },
	)
}
