// Purpose: formatting calls String, Error or Format of its operands. A type
// whose String locks cannot be formatted under that lock; %p, %T and %d, and
// other operands, are harmless.

package stdcalls

import (
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"sync"
)

type Session struct {
	mu sync.Mutex
	id int
}

func (s *Session) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strconv.Itoa(s.id)
}

func (s *Session) VerbVBad() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("session %v", s) // want `String.* locks s\.mu.*already held from line \d+.*\(doublelock\)`
}

func (s *Session) VerbVOk() string {
	s.mu.Lock()
	s.id++
	s.mu.Unlock()
	return fmt.Sprintf("session %v", s)
}

func (s *Session) VerbSBad() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("session %s", s) // want `String.* locks s\.mu.*already held from line \d+.*\(doublelock\)`
}

func (s *Session) VerbQBad() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%d: session %q", s.id, s) // want `String.* locks s\.mu.*already held from line \d+.*\(doublelock\)`
}

func (s *Session) VerbPlusBad() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("session %+v", s) // want `String.* locks s\.mu.*already held from line \d+.*\(doublelock\)`
}

func (s *Session) PrintlnBad() {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintln(io.Discard, "session", s) // want `String.* locks s\.mu.*already held from line \d+.*\(doublelock\)`
}

func (s *Session) SprintBad() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint("session ", s) // want `String.* locks s\.mu.*already held from line \d+.*\(doublelock\)`
}

func (s *Session) ErrorfBad() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Errorf("session %v is closed", s) // want `String.* locks s\.mu.*already held from line \d+.*\(doublelock\)`
}

func (s *Session) LogBad() {
	var out strings.Builder
	logger := log.New(&out, "", 0)
	s.mu.Lock()
	defer s.mu.Unlock()
	logger.Printf("closing %s", s) // want `String.* locks s\.mu.*already held from line \d+.*\(doublelock\)`
}

func (s *Session) LogStdBad() {
	log.SetOutput(os.Stderr)
	s.mu.Lock()
	defer s.mu.Unlock()
	log.Print("closing ", s) // want `String.* locks s\.mu.*already held from line \d+.*\(doublelock\)`
}

// The address, the type, and a field.
func (s *Session) PointerOk() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%p %d", s, s.id)
}

func (s *Session) TypeOk() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%T", s)
}

// %d formats the fields; String is for the verbs that are valid for strings.
func (s *Session) NumberOk() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%d", s)
}

// Another session.
func (s *Session) OtherOk(other *Session) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%v", other)
}

func (s *Session) FieldOk() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint("session ", s.id)
}

// The argument of a direct call.
func (s *Session) DirectBad() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return "session " + s.String() // want `calling \(\*Session\)\.String locks s\.mu \(format\.go:\d+\), which is already held from line \d+; the call never returns \(doublelock\)`
}

// String on the value type does not lock: that one is called for a value.
type Plain struct {
	mu sync.Mutex
	id int
}

func (p *Plain) String() string { return strconv.Itoa(p.id) }

func (p *Plain) FormatOk() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%v", p)
}

// A call through an own printf-like wrapper.
func (s *Session) logf(format string, args ...any) {
	fmt.Fprintf(io.Discard, format, args...)
}

func (s *Session) WrappedMissed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	// not found: a summary does not say that a function formats its operands
	s.logf("session %v", s)
}

func (s *Session) WrappedOk() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logf("session %v", s.id)
}
