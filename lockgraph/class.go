package lockgraph

import (
	"errors"
	"fmt"
)

// A Class names all locks of one declaration: one field of one struct type,
// one package variable, or one local variable of one function, for example
// "example.com/bank.Ledger.mu". Both halves of lockcheck spell it the same
// way. The graph never looks inside it; it only compares.
type Class string

// A Mode says how a lock is held or wanted. The zero value is Write, which is
// the only mode of a sync.Mutex.
type Mode uint8

const (
	Write Mode = iota // Lock: excludes everyone
	Read              // RLock: excludes writers only
)

// String returns "write" or "read".
func (m Mode) String() string {
	switch m {
	case Write:
		return "write"
	case Read:
		return "read"
	}
	return fmt.Sprintf("Mode(%d)", uint8(m))
}

// Excludes reports whether two goroutines cannot hold one lock in modes m and
// n at the same time, which is so unless both read.
func (m Mode) Excludes(n Mode) bool { return m == Write || n == Write }

// Other returns the mode that m is not.
func (m Mode) Other() Mode {
	if m == Read {
		return Write
	}
	return Read
}

var errMode = errors.New(`mode is neither "W" nor "R"`)

// MarshalText returns "W" or "R", the form used in JSON.
func (m Mode) MarshalText() ([]byte, error) {
	switch m {
	case Write:
		return []byte("W"), nil
	case Read:
		return []byte("R"), nil
	}
	return nil, errMode
}

// UnmarshalText accepts exactly what MarshalText returns.
func (m *Mode) UnmarshalText(text []byte) error {
	switch string(text) {
	case "W":
		*m = Write
	case "R":
		*m = Read
	default:
		return errMode
	}
	return nil
}
