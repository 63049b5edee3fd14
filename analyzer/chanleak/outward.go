package chanleak

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// outward returns a captured variable as the function has it that declares it; 0 if that is not one variable.
func outward(fn *effects.Func, v V) (*effects.Func, V) {
	for v != 0 && fn.Op(v) == effects.Free {
		b := resolve.Binding(fn, v)
		fn, v = fn.Parent, b
	}
	return fn, v
}
