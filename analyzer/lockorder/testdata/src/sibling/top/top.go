// Purpose: two packages that do not know each other take two locks in two
// orders. The first package that imports both is where the cycle closes; it has
// no edge of its own, so the report is at the import that brings in the second
// half.

package top

import (
	"sibling/base"
	"sibling/left"
	"sibling/right" // want `lock.*base\.(Order|Stock)\.Mu.*(left|right)\.go:\d+.*\(lockorder\)`
)

func Run(o *base.Order, s *base.Stock, p *base.Price) {
	go left.Reserve(o, s)
	go right.Recount(s, o)
	go left.Quote(o, p)
	go right.Discount(o, p)
}
