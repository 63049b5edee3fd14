package imports

import "sync/atomic"

// The fix of one variable leaves the use of the other, which keeps the import.
func Both() uint64 { return atomic.LoadUint64(&left) + atomic.LoadUint64(&right) }
