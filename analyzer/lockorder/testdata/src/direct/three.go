// Purpose: a cycle of three locks, no two of which are taken in both orders.

package direct

import "sync"

type Fetcher struct{ mu sync.Mutex }
type Parser struct{ mu sync.Mutex }
type Writer struct{ mu sync.Mutex }

func FetchParseBad(f *Fetcher, p *Parser) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p.mu.Lock() // want `locking \w+\.mu closes the cycle (Fetcher\.mu -> Parser\.mu -> Writer\.mu -> Fetcher\.mu|Parser\.mu -> Writer\.mu -> Fetcher\.mu -> Parser\.mu|Writer\.mu -> Fetcher\.mu -> Parser\.mu -> Writer\.mu); goroutines on these paths can deadlock \(lockorder\)`
	defer p.mu.Unlock()
}

func ParseWriteBad(p *Parser, w *Writer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
}

func WriteFetchBad(w *Writer, f *Fetcher) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
}

type Loader struct{ mu sync.Mutex }
type Checker struct{ mu sync.Mutex }
type Saver struct{ mu sync.Mutex }

func LoadCheckOk(l *Loader, c *Checker) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
}

func CheckSaveOk(c *Checker, s *Saver) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
}

func LoadSaveOk(l *Loader, s *Saver) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
}

// All three at once, with a pair that is inverted elsewhere: the pair is the
// cycle, the longer one says nothing new.
type Top struct{ mu sync.Mutex }
type Middle struct{ mu sync.Mutex }
type Bottom struct{ mu sync.Mutex }

func NestBad(t *Top, m *Middle, b *Bottom) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	b.mu.Lock() // want `Bottom\.mu is locked while Top\.mu is held, but three\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
	defer b.mu.Unlock()
}

func ClimbBad(b *Bottom, t *Top) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
}
