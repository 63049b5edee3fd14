// Purpose: one of the orders comes from an imported package, the other from
// here, through calls of a second imported package: the edge is here.

package again

import (
	"sibling/base"
	"sibling/left"
)

func RestockBad(s *base.Stock, o *base.Order) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	left.Quote(o, &base.Price{}) // want `base\.Order\.Mu is locked while base\.Stock\.Mu is held, but .*left\.go:\d+ locks them in the other order; two goroutines can deadlock \(lockorder\)`
}

func RestockOk(s *base.Stock, o *base.Order) {
	s.Mu.Lock()
	s.Left = nil
	s.Mu.Unlock()
	left.Quote(o, &base.Price{})
}
