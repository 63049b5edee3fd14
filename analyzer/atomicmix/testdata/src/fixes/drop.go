package fixes

import (
	"fmt"
	"sync/atomic"
)

type gauge struct{ level int32 }

func (g *gauge) Up() { atomic.AddInt32(&g.level, 1) }

var g gauge

func Up() { g.Up() }

func Show() {
	fmt.Println(g.level) // want `plain read of gauge.level`
}
