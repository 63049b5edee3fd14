package lockset

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// touchesLocks reports whether a summary says something about locks.
func touchesLocks(s *summary.Func) bool {
	return s != nil && (len(s.Events) > 0 || s.Moves() || !s.Returns())
}
