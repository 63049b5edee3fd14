// Package other is imported by the corpus.
package other

import "sync"

type Base struct{ sync.Mutex }

type Open struct {
	Mu sync.Mutex
	Base
}

var Global sync.RWMutex

func New() *Open { return &Open{} }
