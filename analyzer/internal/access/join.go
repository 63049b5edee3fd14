package access

import (
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// A Join is an instruction at which a function waits for another goroutine: Wait of a WaitGroup or the like, or
// a receive from a channel.
type Join struct {
	At    V
	Class string // of the WaitGroup or channel
}

// Joins calls wait for the joins of a function, and signal for the classes of what it tells others by that it
// has come this far: Done of a WaitGroup, close of a channel, a send.
func (s *Scan) Joins(wait func(Join), signal func(class string)) {
	class := func(v V) string {
		if in := s.f.At(v); in.Op == effects.Load {
			v = in.Args[0]
		}
		return s.f.Path(nil, v).Class
	}
	for v := s.f.First; int(v) < len(s.f.Code); v++ {
		switch in := s.f.At(v); in.Op {
		case effects.Recv:
			wait(Join{v, class(in.Args[0])})
		case effects.Select:
			for i := 0; i < len(in.Args); i += 2 {
				if in.Args[i+1] != 0 {
					signal(class(in.Args[i]))
				} else if first := caseOf(s.f, v, in, i/2); first != 0 {
					wait(Join{first, class(in.Args[i])})
				}
			}
		case effects.Send, effects.Close, effects.Done:
			signal(class(in.Args[0]))
		case effects.Wait, effects.CondWait:
			if in.How == effects.AtOnce {
				wait(Join{v, class(in.Args[0])})
			}
		}
	}
}

// caseOf returns the first instruction of what a select does in its i-th case, 0 if others lead there, too.
func caseOf(f *resolve.Func, sel V, in *effects.Instr, i int) V {
	for _, e := range f.Uses(sel) {
		if x := f.At(e); x.Op != effects.Extract || x.Index != 0 {
			continue
		}
		for _, u := range f.Uses(e) {
			cmp := f.At(u)
			if cmp.Op != effects.Compare || cmp.Sym != "==" || f.At(cmp.Args[1]).Sym != strconv.Itoa(i) {
				continue
			}
			for _, br := range f.Uses(u) {
				if b := f.At(br); b.Op == effects.If {
					if to := f.Blocks[f.Blocks[b.Block].Succs[0]]; len(to.Preds) == 1 {
						return to.First
					}
				}
			}
		}
	}
	if len(in.Args) == 2 && in.Flags&effects.Blocking != 0 {
		return sel
	}
	return 0
}

// A Take is an instruction that certainly takes a lock, itself or below a call.
type Take struct {
	At    V
	Class string
}

// Takes calls f for the locks that a function takes.
func (s *Scan) Takes(f func(Take)) {
	for v := s.f.First; int(v) < len(s.f.Code); v++ {
		in := s.f.At(v)
		if in.How != effects.AtOnce {
			continue
		}
		switch in.Op {
		case effects.Acquire:
			f(Take{v, s.f.Path(nil, in.Args[0]).Class})
		case effects.Call, effects.Invoke:
			ts := s.f.Targets(v)
			if len(ts) != 1 {
				continue
			}
			if sum := s.f.Summary(ts[0]); sum != nil {
				for _, ev := range sum.Events {
					if ev.Kind == summary.Acquire && ev.Always {
						f(Take{v, ev.Lock.Path.Class})
					}
				}
			}
		}
	}
}
