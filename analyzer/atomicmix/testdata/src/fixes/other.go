package fixes

import "sync/atomic"

func Total() uint64 { return atomic.LoadUint64(&total) }
