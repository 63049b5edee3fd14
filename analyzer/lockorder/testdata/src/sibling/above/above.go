// Purpose: this package imports one that has closed the cycle already, and one of
// the halves. It has nothing to add.

package above

import (
	"sibling/base"
	"sibling/left"
	"sibling/top"
)

func Run() {
	o, s, p := &base.Order{}, &base.Stock{}, &base.Price{}
	left.Reserve(o, s)
	top.Run(o, s, p)
}
