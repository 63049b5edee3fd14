package fixes

import "sync/atomic"

// A Tested is used by a test, which is not part of every run.
type Tested struct{ count int32 }

func (t *Tested) Add() { atomic.AddInt32(&t.count, 1) }

func (t *Tested) Get() int32 {
	return t.count // want `plain read of Tested.count`
}
