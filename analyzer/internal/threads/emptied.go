package threads

import (
	"slices"
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// emptied reports whether a function is at y when it has sent so much to a channel with room for n values that all who ever receive from it
// have done so, among them the goroutine of x, behind x: n sends fill it, and each that follows waits for one receive.
func (s *Scope) emptied(x, y Point) (by Spot, ok bool) {
	if len(x.Way) != 1 || !x.Way[0].Kind.Starts() || len(y.Way) > 0 || looped(x.Way[0].Site) || looped(y.Spot) {
		return by, false
	}
	each(x.Fn, func(v effects.V) {
		if ok || x.Fn.Op(v) != effects.Recv || looped(Spot{x.Fn, v}) || !x.Fn.Before(x.V, v) {
			return
		}
		at := s.object(x.Fn, x.Fn.At(v).Args[0])
		if size, is := s.roomOf(at); is && at.fn == y.Fn {
			by, ok = s.drained(at, size, y)
		}
	})
	return by, ok
}

// roomOf returns how many values a channel has room for, if that is known.
func (s *Scope) roomOf(at object) (n int, ok bool) {
	mk := at.root()
	if mk.Op != effects.MakeChan || at.way != "" {
		return 0, false
	}
	n, err := strconv.Atoi(at.fn.At(mk.Args[0]).Sym)
	return n, err == nil && at.fn.Op(mk.Args[0]) == effects.Const && n > 0
}

// drained reports whether as many sends to a channel as it has room, and one for each receive, come before y. It returns the last.
func (s *Scope) drained(at object, size int, y Point) (last Spot, ok bool) {
	receives, sends, known := 0, 0, true
	for _, fn := range s.Members {
		each(fn, func(v effects.V) {
			here := Spot{fn, v}
			for _, o := range s.opsOf(here) {
				if !o.at.meets(at) {
					continue
				}
				once := o.at == at && o.state == 0 && !looped(here) && fn.At(v).How == effects.AtOnce
				switch op := fn.Op(v); {
				case op == effects.Recv && once && !slices.ContainsFunc(s.runs[fn], func(r *Run) bool { return looped(r.Site) }):
					receives++
				case op == effects.Send && once && fn == y.Fn && fn.Before(v, y.V):
					sends++
					last = here
				default:
					known = false
				}
			}
		})
	}
	return last, known && receives > 0 && sends >= size+receives
}
