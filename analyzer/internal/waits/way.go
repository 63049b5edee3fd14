package waits

import "slices"

// A Way is how a goroutine, or code that is not in view, comes to an instruction.
type Way struct {
	Start Spot   // what starts the goroutine; zero if code that is not in view calls the first function
	Spots []Spot // the calls on the way; the last is the instruction itself
}

// Goroutine reports whether a goroutine is started that goes the way.
func (w *Way) Goroutine() bool { return w.Start.Fn != nil }

// Loops reports whether the instruction is come to again and again.
func (w *Way) Loops() bool {
	return slices.ContainsFunc(w.Spots, func(s Spot) bool { return s.V != 0 && s.Fn.Graph().Loop[s.At().Block] })
}

// maxWays bounds the ways to one instruction, maxCalls the calls of one.
const (
	maxWays  = 32
	maxCalls = 5
)

// Ways returns all ways to an instruction; ok is false if there may be more.
func (m *Model) Ways(to Spot) (out []Way, ok bool) {
	ok = true
	var up func(spots []Spot)
	up = func(spots []Spot) {
		fn := spots[0].Fn
		if len(out) > maxWays || len(spots) > maxCalls {
			ok = false
			return
		}
		if m.Open(fn) {
			out = append(out, Way{Spots: spots})
		}
		for _, at := range m.callers[fn] {
			switch {
			case len(spots) > 1 && !m.Passes(at, spots[0], spots[1].Fn):
			case m.Starts(at):
				out = append(out, Way{at, spots})
			case slices.ContainsFunc(spots, func(s Spot) bool { return s.Fn == at.Fn }):
			default:
				up(slices.Concat([]Spot{at}, spots))
			}
		}
	}
	up([]Spot{to})
	return out, ok
}
