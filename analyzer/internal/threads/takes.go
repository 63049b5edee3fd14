package threads

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// Takes returns the classes of the locks that the function, or what it calls, certainly takes, each with the instructions that do.
func (f *View) Takes() map[string][]effects.V {
	takes := map[string][]effects.V{}
	add := func(class string, v effects.V) {
		if class != "" {
			takes[class] = append(takes[class], v)
		}
	}
	for v := f.First; int(v) < len(f.Code); v++ {
		in := f.At(v)
		switch {
		case in.How != effects.AtOnce:
		case in.Op == effects.Acquire:
			add(f.Path(nil, in.Args[0]).Class, v)
		case in.Op == effects.Call || in.Op == effects.Invoke:
			if ts := f.Targets(v); len(ts) == 1 {
				if s := f.Summary(ts[0]); s != nil {
					for _, ev := range s.Events {
						if ev.Kind == summary.Acquire && ev.Always {
							add(ev.Lock.Path.Class, v)
						}
					}
				}
			}
		}
	}
	return takes
}
