package access

import (
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// A Sign is an instruction by which a function waits for others, tells others something, or takes a lock.
type Sign struct {
	At    V
	Class string // of the WaitGroup, channel or lock; may be ""
}

// Signs are those of a function.
type Signs struct {
	Waits  []Sign // Wait of a WaitGroup or the like, or a receive from a channel
	Closes []Sign // of channels
	Tells  []Sign // Done of a WaitGroup, a send
	Takes  []Sign // a lock that is certainly taken, there or below a call
}

// SignsOf returns the signs of a function.
func SignsOf(f *resolve.Func) *Signs {
	s := &Signs{}
	sign := func(at, v V) Sign {
		if in := f.At(v); in.Op == effects.Load {
			v = in.Args[0]
		}
		return Sign{at, f.Path(nil, v).Class}
	}
	for v := f.First; int(v) < len(f.Code); v++ {
		in := f.At(v)
		switch in.Op {
		case effects.Recv:
			s.Waits = append(s.Waits, sign(v, in.Args[0]))
		case effects.Select:
			for i := 0; i < len(in.Args); i += 2 {
				if in.Args[i+1] != 0 {
					s.Tells = append(s.Tells, sign(v, in.Args[i]))
				} else if first := caseOf(f, v, in, i/2); first != 0 {
					s.Waits = append(s.Waits, sign(first, in.Args[i]))
				}
			}
		case effects.Close:
			s.Closes = append(s.Closes, sign(v, in.Args[0]))
		case effects.Send, effects.Done:
			s.Tells = append(s.Tells, sign(v, in.Args[0]))
		case effects.Wait, effects.CondWait:
			if in.How == effects.AtOnce {
				s.Waits = append(s.Waits, sign(v, in.Args[0]))
			}
		case effects.Acquire:
			if in.How == effects.AtOnce {
				s.Takes = append(s.Takes, Sign{v, f.Path(nil, in.Args[0]).Class})
			}
		case effects.Call, effects.Invoke:
			s.call(f, v, in, sign)
		}
	}
	return s
}

// call adds what a call may be: of a method of a type that is like a WaitGroup, or of what takes locks.
func (s *Signs) call(f *resolve.Func, v V, in *effects.Instr, sign func(at, v V) Sign) {
	static := in.Op == effects.Call && in.Flags&effects.Dynamic == 0 && len(in.Args) > 0
	switch {
	case static && strings.HasSuffix(in.Sym, ").Done"):
		s.Tells = append(s.Tells, sign(v, in.Args[0]))
	case in.How != effects.AtOnce:
		return
	case static && strings.HasSuffix(in.Sym, ").Wait"):
		s.Waits = append(s.Waits, sign(v, in.Args[0]))
	}
	if ts := f.Targets(v); len(ts) == 1 && in.How == effects.AtOnce {
		if sum := f.Summary(ts[0]); sum != nil {
			for _, ev := range sum.Events {
				if ev.Kind == summary.Acquire && ev.Always {
					s.Takes = append(s.Takes, Sign{v, ev.Lock.Path.Class})
				}
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
