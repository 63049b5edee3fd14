package lockset

import "github.com/lockcheck/lockcheck/analyzer/internal/waits"

// Waits returns what the package waits for, which is found once; nil if it has no channels, WaitGroups or Conds.
func (v *View) Waits() *waits.Model {
	e := v.Engine
	m, ok := e.waits[v.Path]
	if !ok {
		if e.waits == nil {
			e.waits = map[string]*waits.Model{}
		}
		if len(e.Funcs) > 0 {
			m = waits.New(waits.Input{Funcs: e.InPackage(v.Path), Twins: e.Functions(v.Path), Facts: e.Facts()})
		}
		e.waits[v.Path] = m
	}
	return m
}
