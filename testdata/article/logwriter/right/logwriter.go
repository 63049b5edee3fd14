// Package logwriter has a log whose lines get mixed up.
package logwriter

import (
	"bytes"
	"sync"
)

// A Log collects lines.
type Log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Print adds a line.
func (l *Log) Print(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.WriteString(line)
	l.buf.WriteByte('\n')
}

// Warn adds a line that stands out.
func (l *Log) Warn(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.WriteString("warning: ")
	l.buf.WriteString(line)
	l.buf.WriteByte('\n')
}

// String returns the lines so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// Clear drops all lines.
func (l *Log) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.Reset()
}
