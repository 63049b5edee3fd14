package dump

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Dump is what all goroutines of a process do at one moment.
type Dump struct {
	Time       time.Time    `json:"time,omitzero"`
	PID        int          `json:"pid,omitempty"`
	Watched    bool         `json:"watched"` // who holds what is known, not guessed from the stacks
	Goroutines []*Goroutine `json:"goroutines"`
	Deadlocks  []Deadlock   `json:"deadlocks,omitempty"` // set by Analyze
	Stuck      []Stuck      `json:"stuck,omitempty"`     // set by Analyze
	Faults     []Fault      `json:"faults,omitempty"`    // set by Analyze
	Notes      []string     `json:"notes,omitempty"`     // what could not be known, each a clause
}

// A Goroutine is one goroutine with its stack and its locks.
type Goroutine struct {
	ID        uint64  `json:"id"`
	State     string  `json:"state"`                    // as Go prints it in brackets, e.g. "sync.Mutex.Lock"
	Minutes   int     `json:"minutes,omitempty"`        // for how long it is blocked, if Go says so
	Locked    bool    `json:"lockedToThread,omitempty"` // to an operating system thread
	Bubble    uint64  `json:"bubble,omitempty"`         // number of its testing/synctest bubble
	Labels    string  `json:"labels,omitempty"`         // of package runtime/pprof, as Go prints them with GODEBUG=tracebacklabels=1
	Frames    []Frame `json:"frames"`                   // innermost first
	CreatedBy *Frame  `json:"createdBy,omitempty"`      // the go statement
	Creator   uint64  `json:"creator,omitempty"`        // the goroutine that ran it
	Waits     *Wait   `json:"waits,omitempty"`
	Holds     []Hold  `json:"holds,omitempty"`
	Ended     bool    `json:"ended,omitempty"` // it has ended, but never unlocked what it holds
}

// A Frame is a line of a stack.
type Frame struct {
	Func string `json:"func"`           // with the import path, e.g. example.com/bank.(*Ledger).Record
	Args string `json:"args,omitempty"` // as Go prints them: "0xc000012345, 0x18?", or "..." if inlined
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// A Lock is one lock, or another thing for which goroutines wait.
type Lock struct {
	Class string // name of the class, e.g. example.com/bank.Ledger.mu; "" if not known
	Addr  uint64 // 0 if not known
	Kind  string // Mutex, RWMutex, Once, lock (one of these); WaitGroup, Cond, channel

	// Around is the object that seems to contain the lock: the receiver of the method
	// that waits. Analyze sets these if it knows no Class.
	Around     string // its type, e.g. main.Ledger
	AroundAddr uint64
}

// A Wait is what a goroutine waits for.
type Wait struct {
	Lock   Lock          `json:"lock"`
	Mode   string        `json:"mode,omitempty"`       // "write", "read" or, if it is not a lock, ""
	Since  time.Duration `json:"sinceNanos,omitempty"` // for how long; 0 if not known
	At     Frame         `json:"at"`                   // where
	HeldBy []uint64      `json:"heldBy,omitempty"`     // goroutines that hold it
	Behind []uint64      `json:"behind,omitempty"`     // writers that wait, too, and keep this reader out
}

// A Hold is a lock that a goroutine holds.
type Hold struct {
	Lock Lock          `json:"lock"`
	Mode string        `json:"mode,omitempty"` // "write" or "read"
	At   Frame         `json:"at"`             // where it was locked
	For  time.Duration `json:"forNanos,omitempty"`
}

// The kinds of a [Deadlock].
const (
	Cycle  = "cycle"  // goroutines wait for each other's locks
	Self   = "self"   // a goroutine waits for a lock that it holds
	Ended  = "ended"  // goroutines wait for a lock of one that has ended
	Asleep = "asleep" // the Go runtime found that no goroutine can run
	Leaked = "leaked" // the Go runtime found that nobody can wake goroutines
)

// A Deadlock is a group of goroutines none of which can go on.
type Deadlock struct {
	Kind       string   `json:"kind"`       // Cycle, Self, Ended, Asleep or Leaked
	Goroutines []uint64 `json:"goroutines"` // in a cycle, each waits for the next
	Why        []string `json:"why"`        // clauses that prove it
	Certain    bool     `json:"certain"`    // only an Unlock by a goroutine outside could end it
}

// A Stuck is a lock that goroutines wait for, and that may stay locked: its holder is
// blocked, or is not known.
type Stuck struct {
	Lock     Lock     `json:"lock"`
	Waiting  []uint64 `json:"waiting"`           // goroutines that wait for it
	Holders  []uint64 `json:"holders,omitempty"` // goroutines that hold it
	May      []uint64 `json:"may,omitempty"`     // goroutines that may hold it, likeliest first
	Circle   []uint64 `json:"circle,omitempty"`  // goroutines each of which seems to wait for the next
	Deadlock bool     `json:"deadlock"`          // it looks like a deadlock
	Why      []string `json:"why"`               // clauses: what is known, what it looks like, what is not known
}

type lockJSON struct {
	Class      string `json:"class,omitempty"`
	Kind       string `json:"kind,omitempty"`
	Addr       string `json:"addr,omitempty"`
	Around     string `json:"around,omitempty"`
	AroundAddr string `json:"aroundAddr,omitempty"`
}

// MarshalJSON writes addresses as in stacks, in hexadecimal.
func (l Lock) MarshalJSON() ([]byte, error) {
	return json.Marshal(lockJSON{l.Class, l.Kind, hexAddr(l.Addr), l.Around, hexAddr(l.AroundAddr)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (l *Lock) UnmarshalJSON(data []byte) error {
	var j lockJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*l = Lock{Class: j.Class, Kind: j.Kind, Around: j.Around}
	if err := parseAddr(j.Addr, &l.Addr); err != nil {
		return err
	}
	return parseAddr(j.AroundAddr, &l.AroundAddr)
}

func hexAddr(a uint64) string {
	if a == 0 {
		return ""
	}
	return fmt.Sprintf("%#x", a)
}

func parseAddr(s string, addr *uint64) error {
	if s == "" {
		return nil
	}
	hex, ok := strings.CutPrefix(s, "0x")
	n, err := strconv.ParseUint(hex, 16, 64)
	if !ok || err != nil {
		return fmt.Errorf("%q is not an address", s)
	}
	*addr = n
	return nil
}
