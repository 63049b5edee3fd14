package rangefunc

import (
	"errors"
	"strings"
	"sync"
)

// List unlocks inside the body of a range over a function, and returns.
type List struct {
	mu    sync.Mutex
	words []string
}

func (l *List) add(text string) error {
	l.mu.Lock()
	for word := range strings.SplitSeq(text, " ") {
		if word == "" {
			l.mu.Unlock()
			return errors.New("two spaces")
		}
		l.words = append(l.words, word)
	}
	l.mu.Unlock()
	return nil
}

func (l *List) AddTwiceOk(text string) {
	l.add(text)
	l.add(text)
}

// forget does not unlock when it returns from the body.
func (l *List) forget(text string) error {
	l.mu.Lock()
	for word := range strings.SplitSeq(text, " ") {
		if word == "" {
			return errors.New("two spaces")
		}
		l.words = append(l.words, word)
	}
	l.mu.Unlock()
	return nil
}

func (l *List) ForgetTwiceBad(text string) {
	l.forget(text)
	l.forget(text) // want `calling \(\*List\)\.forget can lock l\.mu \(release\.go:\d+\), which is already held from line \d+; the call then never returns \(doublelock\)`
}
