package blocking

import (
	"slices"
)

// A circle is one finding: a wait under a lock, and where all who could end it stop.
type circle struct {
	wait
	hold   hold
	blocks []block
}

// blocked returns the circle that a wait is part of.
func (c *checker) blocked(w wait) (circle, bool) {
	for _, h := range c.holds(w) {
		if w.kind == cond && c.unlocks(w, h) {
			continue
		}
		if bs, ok := c.allStop(w, h); ok {
			return circle{w, h, bs}, true
		}
	}
	return circle{}, false
}

// unlocks reports whether Cond.Wait releases a lock, or may.
func (c *checker) unlocks(w wait, h hold) bool {
	s, ok := c.Engine.Facts().Sibling(w.class)
	return !ok || s.Class == h.Path.Class
}

// allStop returns where the ends of a wait stop for a lock: all of them, or any if the wait is for all.
func (c *checker) allStop(w wait, h hold) ([]block, bool) {
	own, _ := c.ways(end{at: w.at})
	var out []block
	for _, e := range w.ends {
		ways, ok := c.ways(e)
		if !ok && !w.any {
			return nil, false
		}
		for _, way := range ways {
			if c.alone(own, way) {
				if w.any {
					continue
				}
				return nil, false
			}
			b, ok := c.stops(w, own, h, e, way)
			ok = ok && (!w.room || way.Goroutine() && way.Loops())
			switch {
			case ok && w.any:
				if b.sure {
					return []block{b}, true
				}
				out = append(out[:0], b)
			case ok:
				out = append(out, b)
			case !w.any:
				return nil, false
			}
		}
	}
	return out, len(out) > 0
}

// alone reports whether the waiter is only ever in the goroutine of a way.
func (c *checker) alone(own []way, by way) bool {
	return by.Goroutine() && !slices.ContainsFunc(own, func(o way) bool { return o.Start != by.Start })
}
