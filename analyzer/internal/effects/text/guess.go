package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// What the text form leaves out is what follows from the rest by the rules here. The printer leaves a thing out if
// it is what the rules say, and the parser puts in what they say, so that the two agree. The type of a value is told by its
// operands that stand before it.

// local returns the function that an instruction names, if it is in the same unit.
func local(f *effects.Func, fn *effects.Func) *effects.Func {
	if fn != nil && fn.Unit == f.Unit {
		return fn
	}
	return nil
}

// operandType returns the type of an operand that stands before an instruction.
func operandType(f *effects.Func, v effects.V, i int) *effects.Type {
	if args := f.Code[v].Args; i < len(args) && args[i] > 0 && args[i] < v {
		return f.Code[args[i]].Type
	}
	return nil
}

// guessType returns the type that the value of an instruction has if nothing else is said, or one that looks like it; nil for none.
func guessType(f *effects.Func, v effects.V) *effects.Type {
	in := &f.Code[v]
	x := operandType(f, v, 0)
	switch in.Op {
	case effects.Const:
		return constType(in.Sym)
	case effects.FuncOf, effects.Closure:
		if fn := local(f, in.Fn); fn != nil {
			return &effects.Type{Kind: effects.Signature, Results: fn.Results}
		}
	case effects.Compare, effects.Not, effects.TryAcquire:
		return &effects.Type{Kind: effects.Bool}
	case effects.Opaque, effects.Range:
		return &effects.Type{}
	case effects.Phi:
		for i := range in.Args {
			if t := operandType(f, v, i); t != nil {
				return t
			}
		}
	case effects.Call:
		if fn := local(f, in.Fn); fn != nil && in.How == effects.AtOnce {
			return resultType(fn.Results)
		}
	case effects.Builtin:
		switch in.Sym {
		case "append":
			return x
		case "len", "cap", "copy":
			return &effects.Type{}
		}
	}
	if x == nil {
		return nil
	}
	return guessPart(in, x)
}

func resultType(results []*effects.Type) *effects.Type {
	switch len(results) {
	case 0:
		return nil
	case 1:
		return results[0]
	}
	return &effects.Type{Kind: effects.Tuple, Results: results}
}

// guessPart returns the type of what leads to, or is, a part of something of type x.
func guessPart(in *effects.Instr, x *effects.Type) *effects.Type {
	to := x.To()
	switch in.Op {
	case effects.Field, effects.FieldOf:
		if in.Op == effects.Field && x.Kind != effects.Pointer || to == nil {
			return nil
		}
		i := slices.IndexFunc(to.Fields, func(f effects.FieldType) bool { return f.Name == in.Sym })
		switch {
		case i < 0:
			return nil
		case in.Op == effects.Field:
			return &effects.Type{Kind: effects.Pointer, Elem: to.Fields[i].Type}
		}
		return to.Fields[i].Type
	case effects.Elem:
		if to != nil && to.Elem != nil && (to.Kind == effects.SliceOf || to.Kind == effects.Array) {
			return &effects.Type{Kind: effects.Pointer, Elem: to.Elem}
		}
	case effects.ElemOf:
		return x.Elem
	case effects.Load:
		if x.Kind == effects.Pointer {
			return x.Elem
		}
	case effects.Lookup, effects.Recv:
		if in.Flags&effects.CommaOK != 0 && x.Elem != nil {
			return &effects.Type{Kind: effects.Tuple, Results: []*effects.Type{x.Elem, {Kind: effects.Bool}}}
		}
		return x.Elem
	case effects.Slice:
		if x.Kind == effects.SliceOf || x.Kind == effects.String {
			return x
		}
	case effects.Extract:
		if int(in.Index) < len(x.Results) {
			return x.Results[in.Index]
		}
	}
	return nil
}

// looksLike reports whether a type is another, or prints as it without having a name.
func looksLike(t *effects.Type, g *effects.Type) bool {
	if t == g {
		return true
	}
	if t == nil || g == nil || t.Name != "" || g.Name != "" || t.Kind != g.Kind || t.Sync != g.Sync || t.Len != g.Len || t.Serves != g.Serves || t.Error != g.Error || t.Text != g.Text {
		return false
	}
	return (t.Elem == g.Elem || looksLike(t.Elem, g.Elem)) && slices.EqualFunc(t.Results, g.Results, looksLike) &&
		slices.Equal(t.Methods, g.Methods) &&
		slices.EqualFunc(t.Fields, g.Fields, func(a, b effects.FieldType) bool {
			return a.Name == b.Name && a.Embedded == b.Embedded && looksLike(a.Type, b.Type)
		})
}

// guessClass returns the class that the place of an instruction has if nothing else is said.
func guessClass(f *effects.Func, v effects.V) string {
	in := &f.Code[v]
	switch in.Op {
	case effects.Field, effects.FieldOf:
		if x := operandType(f, v, 0).To(); x != nil && x.Name != "" && x.Kind == effects.Struct {
			return x.Name + "." + in.Sym
		}
	case effects.Alloc, effects.Free:
		if in.Sym != "" && (in.Op == effects.Alloc || strings.Contains(f.Name, "$")) {
			name, _, _ := strings.Cut(f.Name, "$")
			return name + "@" + in.Sym
		}
	case effects.Invoke:
		if x := operandType(f, v, 0); x != nil {
			return x.Pkg
		}
	case effects.Atomic:
		return "sync/atomic"
	}
	return ""
}

// methodOf is the method that an operation is a call of.
func methodOf(in *effects.Instr) string {
	shared := in.Flags&effects.Shared != 0
	switch in.Op {
	case effects.Acquire:
		if shared {
			return "RLock"
		}
		return "Lock"
	case effects.Release:
		if shared {
			return "RUnlock"
		}
		return "Unlock"
	case effects.TryAcquire:
		if shared {
			return "TryRLock"
		}
		return "TryLock"
	case effects.RLocker:
		return "RLocker"
	case effects.CondWait, effects.Wait:
		return "Wait"
	case effects.Signal:
		if in.Flags&effects.All != 0 {
			return "Broadcast"
		}
		return "Signal"
	case effects.Add:
		return "Add"
	case effects.Done:
		return "Done"
	case effects.Start:
		return "Go"
	case effects.Once:
		return "Do"
	}
	return ""
}

// guessCallee returns the package and the key of the function that an operation calls if nothing else is said.
func guessCallee(f *effects.Func, v effects.V) (pkg, key string) {
	in := &f.Code[v]
	m := methodOf(in)
	x := operandType(f, v, 0)
	switch {
	case in.Op == effects.NewCond:
		return "sync", "sync.NewCond"
	case m == "" || x == nil:
		return "", ""
	case x.Kind == effects.Interface:
		return x.Pkg, m
	case x.Kind == effects.Pointer && x.Elem != nil && x.Elem.Name != "":
		return x.Elem.Pkg, "(*" + x.Elem.Name + ")." + m
	}
	return "", ""
}

// guessFlags returns the flags that an instruction has if nothing else is said.
func guessFlags(f *effects.Func, v effects.V) effects.Flags {
	in := &f.Code[v]
	switch in.Op {
	case effects.FuncOf, effects.Closure:
		if fn := local(f, in.Fn); fn != nil && fn.Recovers {
			return effects.Recover
		}
	case effects.Invoke:
		if exported(in.Sym) {
			return effects.Exported
		}
	case effects.Atomic:
		if x := operandType(f, v, 0); x != nil && x.Kind == effects.Pointer && x.Elem != nil && x.Elem.Sync == effects.AtomicOf {
			return effects.Method
		}
	}
	return 0
}

// guessCallbacks returns the functions that an operation calls back if nothing else is said: the last operand of Start and Once.
func guessCallbacks(f *effects.Func, v effects.V) []effects.Callback {
	in := &f.Code[v]
	if in.Op != effects.Start && in.Op != effects.Once || len(in.Args) < 2 {
		return nil
	}
	return []effects.Callback{{Arg: in.Args[len(in.Args)-1], Started: in.Op == effects.Start}}
}

// guessRecv returns what the method of a callback is called on if nothing else is said: what was made an interface.
func guessRecv(f *effects.Func, c effects.Callback) effects.V {
	if c.Method != "" && c.Arg > 0 && f.Op(c.Arg) == effects.Box && len(f.Code[c.Arg].Args) > 0 {
		return f.Code[c.Arg].Args[0]
	}
	return 0
}

// guessMethod returns the package and the key of the method of a callback if nothing else is said: that of the type of what it is
// called on, or a wrapper of the unit for it.
func guessMethod(f *effects.Func, v effects.V, c effects.Callback, keyed map[string]*effects.Func) (fn *effects.Func, pkg, key string) {
	if c.Method == "" || c.Recv <= 0 || c.Recv >= v {
		return nil, "", ""
	}
	t, star := f.Code[c.Recv].Type, ""
	if t != nil && t.Kind == effects.Pointer && t.Name == "" {
		t, star = t.Elem, "*"
	}
	if t == nil || t.Name == "" || t.Kind == effects.Interface {
		return nil, "", ""
	}
	key = "(" + star + t.Name + ")." + c.Method
	if fn = keyed[key]; fn == nil {
		if name := nameOfKey(key, t.Pkg); keyed[name] != nil {
			return keyed[name], t.Pkg, name
		}
	}
	return fn, t.Pkg, key
}

// byKey returns the first function of each key in instructions.
func byKey(u *effects.Unit) map[string]*effects.Func {
	m := map[string]*effects.Func{}
	for _, f := range u.Funcs {
		if k := f.CalleeKey(); m[k] == nil {
			m[k] = f
		}
	}
	return m
}

// base returns the last element of the name of a file.
func base(file string) string { return file[strings.LastIndexByte(file, '/')+1:] }

func exported(name string) bool {
	r, _ := utf8.DecodeRuneInString(name)
	return unicode.IsUpper(r)
}

// baseName returns the part of the name of a function that is behind the last dot.
func baseName(name string) string {
	return name[strings.LastIndexByte(name, '.')+1:]
}

// pathOf returns the package of a name or key, as far as that is told by the slashes and dots in it. What looks
// like a version behind the first dot belongs to the path: "gopkg.in/yaml.v3.Node".
func pathOf(name string) string {
	name = strings.TrimLeft(name, "(*")
	if end := strings.IndexAny(name, "([$@{"); end >= 0 {
		name = name[:end]
	}
	slash := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	if dot < 0 {
		return ""
	}
	dot += slash
	if rest := name[dot+1:]; slash > 0 && len(rest) > 1 && rest[0] == 'v' {
		if digits, _, ok := strings.Cut(rest[1:], "."); ok && number(digits) {
			dot += 2 + len(digits)
		}
	}
	return name[:dot]
}

// nameOfKey is the inverse of keyOfName.
func nameOfKey(key, path string) string {
	rest, ok := strings.CutPrefix(key, "(")
	if !ok {
		return key
	}
	stars := len(rest) - len(strings.TrimLeft(rest, "*"))
	tail, ok := strings.CutPrefix(rest[stars:], path+".")
	if !ok {
		return key
	}
	return path + ".(" + rest[:stars] + tail
}

// guessParent returns the name of the function around a literal.
func guessParent(name string) string {
	if i := strings.LastIndexByte(name, '$'); i > 0 && i+1 < len(name) && strings.Trim(name[i+1:], "0123456789") == "" {
		return name[:i]
	}
	return ""
}

// guessExported and guessKey tell what importers see of a function if nothing else is said.
func guessExported(f *effects.Func) bool { return f.Parent == nil && exported(baseName(f.Name)) }

func guessKey(f *effects.Func) string {
	if f.Exported && !f.Wrapper && !f.Made {
		return f.CalleeKey()
	}
	return ""
}
