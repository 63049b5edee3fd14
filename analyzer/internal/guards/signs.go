package guards

import (
	"maps"
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/threads"
)

// What a function has waited for, told others and taken before an instruction, by the classes of channels, WaitGroups and locks.

// signals returns the classes of what a goroutine that runs a function tells others by before it ends: in it, and in
// what it calls and defers.
func (a *analysis) signals(f *function) []string {
	out := slices.Clone(f.tells)
	for i := range f.uses {
		if callee := a.of[f.uses[i].Fn]; callee != nil && f.uses[i].Kind == Called {
			out = append(out, callee.tells...)
		}
	}
	return out
}

// taken returns the classes of the locks that a function, or what it calls, certainly takes, and of those that
// it takes before an instruction on every way to it.
func (f *function) taken(at effects.V) (all, behind []string) {
	for _, class := range slices.Sorted(maps.Keys(f.takes)) {
		all = append(all, class)
		if f.cut(f.takes[class], at) {
			behind = append(behind, class)
		}
	}
	return all, behind
}

// cut reports whether every way to an instruction passes one of some others.
func (f *function) cut(by []effects.V, to effects.V) bool {
	b := f.fn.At(to).Block
	blocks := map[int32]bool{}
	for _, v := range by {
		switch in := f.fn.At(v); {
		case in.Block != b:
			blocks[in.Block] = true
		case v < to:
			return true
		}
	}
	return blocks[0] || b != 0 && !f.fn.Reaches(f.fn.Blocks[0].First, to, func(b int32) bool { return blocks[b] })
}

// announce finds the channels that are only closed.
func (a *analysis) announce() {
	sent := map[string]bool{}
	for _, f := range a.funcs {
		for _, e := range f.view().Events() {
			if c := f.view().Class(e); e.Tells && e.By == threads.ByClose && c != "" {
				a.announced[c] = true
			} else if e.Tells {
				sent[c] = true
			}
		}
	}
	maps.DeleteFunc(a.announced, func(c string, _ bool) bool { return sent[c] })
}

// passedAt returns the classes of the announced channels that a function, and calls in it, have waited for before an instruction.
func (a *analysis) passedAt(f *function, at effects.V) []string {
	if len(a.announced) == 0 {
		return nil
	}
	classes, ok := f.passed[at]
	if !ok {
		classes = slices.DeleteFunc(f.view().Awaited(at), func(c string) bool { return !a.announced[c] })
		if f.passed == nil {
			f.passed = map[effects.V][]string{}
		}
		f.passed[at] = classes
	}
	return classes
}
