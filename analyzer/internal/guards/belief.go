package guards

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// What an access without a guard that no comment declares weighs, out of 100, before anything is known of the guard.
const (
	readWeight  = 66
	writeWeight = 80
	alone       = 70 // of 100, if one function makes all accesses that hold the guard
)

// habit reports whether a third of the accesses, in three functions or more, do without the guard: that is no slip.
func (g *Guard) habit() bool { return g.Others > 2 && g.Held < 2*(g.Total-g.Held) }

// counted weighs an access without the guard, from c, by how many hold it and how many do not.
func (g *Guard) counted(c int, op flow.Op) int {
	bad := g.Total - g.Held
	switch {
	case g.Writes == 0 || g.Held < 2 || 2*g.Held < g.Total:
		return 0
	case g.firm():
		return c * 120 / 100
	case g.Held >= 3*bad && g.Held >= 3:
		return c
	case g.Held >= 2*bad && g.Adjacent && g.Only:
		return c * 95 / 100
	case (g.Held > bad || g.Funcs > g.Others) && g.Adjacent && g.Only && g.Writes >= 1+b2i(op == flow.Read) && g.Funcs >= 2:
		return c * 85 / 100
	case g.Held >= 2*bad:
		return c * 75 / 100
	}
	return c * 50 / 100
}

// firm reports whether the guard is held at nearly all accesses, and these are many.
func (g *Guard) firm() bool { return g.Held >= 6 && g.Held >= 6*(g.Total-g.Held) }

// placed weighs c by where the guard is declared.
func (g *Guard) placed(c int) int {
	switch {
	case g.Adjacent && g.Only:
		return c * 108 / 100
	case !g.Sibling:
		return c * 80 / 100
	}
	return c
}

// enough reports whether the counts would do for a finding of the band "error" if there was one more access: a read without
// the guard, in a function of its own. That asks for
//
//   - a write that holds the guard, and accesses that do in two functions;
//   - three accesses that hold it, or two if it is the only lock of the struct and stands above in the same paragraph.
func (g *Guard) enough() bool {
	n := *g
	n.Total++
	n.Others++
	c := n.placed(n.counted(readWeight, flow.Read))
	if n.Funcs < 2 {
		c = c * alone / 100
	}
	return report.BandOf(c) == report.Error
}
