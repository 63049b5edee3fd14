package missingunlock

import (
	"fmt"

	"github.com/lockcheck/lockcheck/analyzer/internal/held"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// slip reports an unlock that cannot be right.
func (f *finder) slip(r *held.Result, s *held.Slip) {
	found := report.Finding{Check: name, Package: f.Path}
	f.StandAt(&found, s.Fn, s.Instr)
	found.Fingerprint = report.Fingerprint(name, fmt.Sprint(s.Kind), s.Fn.Name, s.Path.Class, s.Path.Pretty())
	lock := f.Engine.LockName(s.Fn, s.Instr, s.Mode, s.Path)
	switch s.Kind {
	case held.SlipMode:
		f.mode(&found, s, lock)
	case held.SlipTwice:
		f.twice(&found, s, lock)
	case held.SlipNever:
		conf, ok := f.neverLocked(s)
		if !ok {
			return
		}
		found.Weigh(conf)
		f.never(&found, r, s, lock)
	}
	f.add(found)
}

// sureSlip is how sure an unlock is wrong by what its own function does.
func sureSlip() report.Confidence {
	return report.Sure(95, "the lock may be handed over in a way that is not seen")
}

// mode words Unlock of what is read-locked, or RUnlock of what is locked.
func (f *finder) mode(found *report.Finding, s *held.Slip, lock string) {
	first, other := f.Engine.Step(s.Fn, s.First), s.Mode.Other()
	found.Weigh(sureSlip())
	found.Message = fmt.Sprintf("%s is %s since line %d: %s crashes, %s is meant", lock, report.Locked(other), first.Line, verb(s.Mode), verb(other))
	f.AddSteps(found, report.Trace([]lockgraph.Frame{first}, lock, other, f.Path, ""))
	found.Fixes = f.modeFixes(s)
}

// twice words an unlock of what is unlocked already.
func (f *finder) twice(found *report.Finding, s *held.Slip, lock string) {
	first, since := f.Engine.Step(s.Fn, s.First), f.Engine.Step(s.Fn, s.Since)
	found.Weigh(sureSlip())
	found.Message = fmt.Sprintf("%s is unlocked again after line %d, which crashes", lock, since.Line)
	if s.At != s.Instr {
		end := s.Fn.Blocks[s.Fn.At(s.At).Block].Last // the return at which what is deferred runs
		exit := f.StandAtExit(found, s.Fn, end)
		found.Message = fmt.Sprintf("%s unlocks %s again by the defer of line %d, after line %d, which crashes", exit, lock, f.Engine.Step(s.Fn, s.Instr).Line, since.Line)
	}
	f.AddSteps(found, append(report.Trace([]lockgraph.Frame{first}, lock, s.Mode, f.Path, ""),
		report.TraceStep{Frame: since, Message: fmt.Sprintf("%s unlocks %s at %s", report.Func(since.Func, f.Path), lock, report.At(since))}))
}

// never words an unlock of what nobody has locked.
func (f *finder) never(found *report.Finding, r *held.Result, s *held.Slip, lock string) {
	if s.First == 0 {
		found.Message = fmt.Sprintf("%s is unlocked, but nothing that leads here locks it: %s crashes", lock, verb(s.Mode))
		return
	}
	first := f.Engine.Step(s.Fn, s.First)
	other := f.Engine.LockName(s.Fn, s.First, lockgraph.Write, r.Taken[s.First])
	found.Message = fmt.Sprintf("%s is unlocked, but %s is what is locked since line %d: %s crashes", lock, other, first.Line, verb(s.Mode))
	f.AddSteps(found, report.Trace([]lockgraph.Frame{first}, other, lockgraph.Write, f.Path, ""))
}

func verb(m lockgraph.Mode) string {
	if m == lockgraph.Read {
		return "RUnlock"
	}
	return "Unlock"
}
