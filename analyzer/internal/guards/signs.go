package guards

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// What a function has waited for, told others and taken before an instruction, by the classes of channels, WaitGroups and locks.

// signals returns the classes of what a goroutine that runs a function tells others by before it ends: in it, and in
// what it calls and defers.
func (a *analysis) signals(f *function) []string {
	var out []string
	add := func(f *function) {
		for _, s := range slices.Concat(f.signs.Closes, f.signs.Tells) {
			if s.Class != "" {
				out = append(out, s.Class)
			}
		}
	}
	add(f)
	for i := range f.uses {
		if callee := a.of[f.uses[i].Fn]; callee != nil && f.uses[i].Kind == Called {
			add(callee)
		}
	}
	return out
}

// taken returns the classes of the locks that a function, or what it calls, certainly takes, and of those that
// it takes before an instruction.
func (f *function) taken(at effects.V) (all, behind []string) {
	for _, t := range f.signs.Takes {
		if t.Class != "" && !slices.Contains(all, t.Class) {
			all = append(all, t.Class)
		}
	}
	for _, c := range all {
		if f.cut(c, at) {
			behind = append(behind, c)
		}
	}
	return all, behind
}

// cut reports whether every way to an instruction passes one at which the class is taken.
func (f *function) cut(class string, to effects.V) bool {
	b := f.fn.At(to).Block
	blocks := map[int32]bool{}
	for _, t := range f.signs.Takes {
		if in := f.fn.At(t.At); t.Class == class && in.Block == b && t.At < to {
			return true
		} else if t.Class == class && in.Block != b {
			blocks[in.Block] = true
		}
	}
	return blocks[0] || b != 0 && !f.fn.Reaches(f.fn.Blocks[0].First, to, func(b int32) bool { return blocks[b] })
}

// passedSigns returns the classes of those of some signs that come before an instruction on every way to it.
func passedSigns(f *function, signs []access.Sign, at effects.V) []string {
	var out []string
	for _, s := range signs {
		if s.Class != "" && f.fn.At(s.At).How == effects.AtOnce && f.fn.Before(s.At, at) {
			out = append(out, s.Class)
		}
	}
	return out
}

// awaited returns the classes of what a function has waited for before an instruction.
func (f *function) awaited(at effects.V) []string { return passedSigns(f, f.signs.Waits, at) }

// announce finds the channels that are only closed.
func (a *analysis) announce() {
	sent := map[string]bool{}
	for _, f := range a.funcs {
		for _, s := range f.signs.Closes {
			a.announced[s.Class] = s.Class != ""
		}
		for _, s := range f.signs.Tells {
			sent[s.Class] = true
		}
	}
	maps.DeleteFunc(a.announced, func(c string, is bool) bool { return !is || sent[c] })
}

// passedAt returns the classes of the announced channels that a function, and calls in it, have waited for before an instruction.
func (a *analysis) passedAt(f *function, at effects.V) []string {
	if len(a.announced) == 0 {
		return nil
	}
	classes, ok := f.passed[at]
	if !ok {
		classes = append(a.announcedOf(f.awaited(at)), a.awaitedBelow(f, at, 0)...)
		if f.passed == nil {
			f.passed = map[effects.V][]string{}
		}
		f.passed[at] = classes
	}
	return classes
}

func (a *analysis) announcedOf(classes []string) []string {
	return slices.DeleteFunc(classes, func(c string) bool { return !a.announced[c] })
}

// maxAwait bounds the calls that are followed to where a channel is waited for.
const maxAwait = 2

// awaitedBelow returns the classes of the announced channels that calls have waited for before an instruction: on every way
// to the returns that fit to what is known of the result there, as in "if err := t.await(); err != nil { return }".
func (a *analysis) awaitedBelow(f *function, at effects.V, depth int) []string {
	if depth >= maxAwait || len(a.announced) == 0 {
		return nil
	}
	var out []string
	for i := range f.uses {
		u := &f.uses[i]
		callee, in := a.of[u.Fn], f.fn.At(u.At)
		if callee == nil || u.Kind != Called || in.Op != effects.Call || in.How != effects.AtOnce || in.Fn == nil || !f.fn.Before(u.At, at) {
			continue
		}
		known, holds := resultAt(f.fn, u.At, at)
		first := true
		var both []string
		u.Fn.Returns(func(ret effects.V) {
			if !fits(u.Fn, ret, known, holds) {
				return
			}
			before := append(a.announcedOf(callee.awaited(ret)), a.awaitedBelow(callee, ret, depth+1)...)
			if first {
				both, first = before, false
				return
			}
			both = slices.DeleteFunc(both, func(c string) bool { return !slices.Contains(before, c) })
		})
		out = append(out, both...)
	}
	return out
}

// resultAt returns what is known, at an instruction, of the last result of a call; without a value if nothing is.
func resultAt(fn *effects.Func, call, at effects.V) (c resolve.Condition, holds bool) {
	last := int32(0)
	if t := fn.At(call).Type; t != nil && t.Kind == effects.Tuple {
		last = int32(len(t.Results) - 1)
	}
	for k, is := range resolve.Given(fn, fn.At(at).Block) {
		v := k.Value
		if in := fn.At(v); in.Op == effects.Extract && in.Index == last {
			v = in.Args[0]
		}
		if v == call && (c.Value == 0 || cmp.Or(cmp.Compare(k.Value, c.Value), cmp.Compare(k.Equals, c.Equals)) < 0) {
			c, holds = k, is
		}
	}
	return c, holds
}

// fits reports whether a return may give what is known of the last result.
func fits(fn *effects.Func, ret effects.V, known resolve.Condition, holds bool) bool {
	args := fn.At(ret).Args
	if known.Value == 0 || len(args) == 0 {
		return true
	}
	r := args[len(args)-1]
	k := fn.At(r)
	switch {
	case k.Op != effects.Const:
		return !holds || known.Equals != "=nil" || !failure(fn, r)
	case known.Equals == "":
		return (k.Sym == "true") == holds
	}
	return ("="+k.Sym == known.Equals) == holds
}

// failure reports whether an error is not nil: one that is made here, a variable of a package, such as io.EOF, or what a
// context tells of its end.
func failure(fn *effects.Func, v effects.V) bool {
	in := fn.At(v)
	switch in.Op {
	case effects.Box:
		return true
	case effects.Load:
		return fn.Op(in.Args[0]) == effects.Global
	case effects.Invoke:
		return in.Class == "context" && in.Sym == "Err"
	case effects.Call, effects.Known:
		return in.Class == "errors" && strings.HasSuffix(in.Sym, ".New") || in.Class == "fmt" && strings.HasSuffix(in.Sym, ".Errorf")
	}
	return false
}
