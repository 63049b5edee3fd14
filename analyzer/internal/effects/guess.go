package effects

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What the text form leaves out is what follows from the rest by the rules here. The printer leaves a thing out if
// it is what the rules say, and the parser puts in what they say, so that the two agree. The type of a value is told by its
// operands that stand before it.

// local returns the function that an instruction names, if it is in the same unit.
func (f *Func) local(fn *Func) *Func {
	if fn != nil && fn.Unit == f.Unit {
		return fn
	}
	return nil
}

// operandType returns the type of an operand that stands before an instruction.
func (f *Func) operandType(v V, i int) *Type {
	if args := f.Code[v].Args; i < len(args) && args[i] > 0 && args[i] < v {
		return f.Code[args[i]].Type
	}
	return nil
}

// guessType returns the type that the value of an instruction has if nothing else is said, or one that looks like it; nil for none.
func (f *Func) guessType(v V) *Type {
	in := &f.Code[v]
	x := f.operandType(v, 0)
	switch in.Op {
	case Const:
		return constType(in.Sym)
	case FuncOf, Closure:
		if fn := f.local(in.Fn); fn != nil {
			return &Type{Kind: Signature, Results: fn.Results}
		}
	case Compare, Not, TryAcquire:
		return &Type{Kind: Bool}
	case Opaque, Range:
		return &Type{}
	case Phi:
		for i := range in.Args {
			if t := f.operandType(v, i); t != nil {
				return t
			}
		}
	case Call:
		if fn := f.local(in.Fn); fn != nil && in.How == AtOnce {
			return resultType(fn.Results)
		}
	case Builtin:
		switch in.Sym {
		case "append":
			return x
		case "len", "cap", "copy":
			return &Type{}
		}
	}
	if x == nil {
		return nil
	}
	return guessPart(in, x)
}

func resultType(results []*Type) *Type {
	switch len(results) {
	case 0:
		return nil
	case 1:
		return results[0]
	}
	return &Type{Kind: Tuple, Results: results}
}

// guessPart returns the type of what leads to, or is, a part of something of type x.
func guessPart(in *Instr, x *Type) *Type {
	to := x.To()
	switch in.Op {
	case Field, FieldOf:
		if in.Op == Field && x.Kind != Pointer || to == nil {
			return nil
		}
		i := slices.IndexFunc(to.Fields, func(f FieldType) bool { return f.Name == in.Sym })
		switch {
		case i < 0:
			return nil
		case in.Op == Field:
			return &Type{Kind: Pointer, Elem: to.Fields[i].Type}
		}
		return to.Fields[i].Type
	case Elem:
		if to != nil && to.Elem != nil && (to.Kind == SliceOf || to.Kind == Array) {
			return &Type{Kind: Pointer, Elem: to.Elem}
		}
	case ElemOf:
		return x.Elem
	case Load:
		if x.Kind == Pointer {
			return x.Elem
		}
	case Lookup, Recv:
		if in.Flags&CommaOK != 0 && x.Elem != nil {
			return &Type{Kind: Tuple, Results: []*Type{x.Elem, {Kind: Bool}}}
		}
		return x.Elem
	case Slice:
		if x.Kind == SliceOf || x.Kind == String {
			return x
		}
	case Extract:
		if int(in.Index) < len(x.Results) {
			return x.Results[in.Index]
		}
	}
	return nil
}

// looksLike reports whether a type is another, or prints as it without having a name.
func (t *Type) looksLike(g *Type) bool {
	if t == g {
		return true
	}
	if t == nil || g == nil || t.Name != "" || g.Name != "" || t.Kind != g.Kind || t.Sync != g.Sync || t.Len != g.Len || t.Serves != g.Serves || t.Error != g.Error {
		return false
	}
	return (t.Elem == g.Elem || t.Elem.looksLike(g.Elem)) && slices.EqualFunc(t.Results, g.Results, (*Type).looksLike) &&
		slices.EqualFunc(t.Fields, g.Fields, func(a, b FieldType) bool {
			return a.Name == b.Name && a.Embedded == b.Embedded && a.Type.looksLike(b.Type)
		})
}

// guessClass returns the class that the place of an instruction has if nothing else is said.
func (f *Func) guessClass(v V) string {
	in := &f.Code[v]
	switch in.Op {
	case Field, FieldOf:
		if x := f.operandType(v, 0).To(); x != nil && x.Name != "" && x.Kind == Struct {
			return x.Name + "." + in.Sym
		}
	case Alloc, Free:
		if in.Sym != "" && (in.Op == Alloc || strings.Contains(f.Name, "$")) {
			name, _, _ := strings.Cut(f.Name, "$")
			return name + "@" + in.Sym
		}
	case Invoke:
		if x := f.operandType(v, 0); x != nil {
			return x.Pkg
		}
	case Atomic:
		return "sync/atomic"
	}
	return ""
}

// methodOf is the method that an operation is a call of.
func methodOf(in *Instr) string {
	shared := in.Flags&Shared != 0
	switch in.Op {
	case Acquire:
		if shared {
			return "RLock"
		}
		return "Lock"
	case Release:
		if shared {
			return "RUnlock"
		}
		return "Unlock"
	case TryAcquire:
		if shared {
			return "TryRLock"
		}
		return "TryLock"
	case RLocker:
		return "RLocker"
	case CondWait, Wait:
		return "Wait"
	case Signal:
		if in.Flags&All != 0 {
			return "Broadcast"
		}
		return "Signal"
	case Add:
		return "Add"
	case Done:
		return "Done"
	case Start:
		return "Go"
	case Once:
		return "Do"
	}
	return ""
}

// guessCallee returns the package and the key of the function that an operation calls if nothing else is said.
func (f *Func) guessCallee(v V) (pkg, key string) {
	in := &f.Code[v]
	m := methodOf(in)
	x := f.operandType(v, 0)
	switch {
	case in.Op == NewCond:
		return "sync", "sync.NewCond"
	case m == "" || x == nil:
		return "", ""
	case x.Kind == Interface:
		return x.Pkg, m
	case x.Kind == Pointer && x.Elem != nil && x.Elem.Name != "":
		return x.Elem.Pkg, "(*" + x.Elem.Name + ")." + m
	}
	return "", ""
}

// guessFlags returns the flags that an instruction has if nothing else is said.
func (f *Func) guessFlags(v V) Flags {
	in := &f.Code[v]
	switch in.Op {
	case FuncOf, Closure:
		if fn := f.local(in.Fn); fn != nil && fn.Recovers {
			return Recover
		}
	case Invoke:
		if exported(in.Sym) {
			return Exported
		}
	case Atomic:
		if x := f.operandType(v, 0); x != nil && x.Kind == Pointer && x.Elem != nil && x.Elem.Sync == AtomicOf {
			return Method
		}
	}
	return 0
}

// guessCallbacks returns the functions that an operation calls back if nothing else is said: the last operand of Start and Once.
func (f *Func) guessCallbacks(v V) []Callback {
	in := &f.Code[v]
	if in.Op != Start && in.Op != Once || len(in.Args) < 2 {
		return nil
	}
	return []Callback{{Arg: in.Args[len(in.Args)-1], Started: in.Op == Start}}
}

// guessRecv returns what the method of a callback is called on if nothing else is said: what was made an interface.
func (f *Func) guessRecv(c Callback) V {
	if c.Method != "" && c.Arg > 0 && f.Op(c.Arg) == Box && len(f.Code[c.Arg].Args) > 0 {
		return f.Code[c.Arg].Args[0]
	}
	return 0
}

// guessMethod returns the package and the key of the method of a callback if nothing else is said: that of the type of what it is
// called on, or a wrapper of the unit for it.
func (f *Func) guessMethod(v V, c Callback, keyed map[string]*Func) (fn *Func, pkg, key string) {
	if c.Method == "" || c.Recv <= 0 || c.Recv >= v {
		return nil, "", ""
	}
	t, star := f.Code[c.Recv].Type, ""
	if t != nil && t.Kind == Pointer && t.Name == "" {
		t, star = t.Elem, "*"
	}
	if t == nil || t.Name == "" || t.Kind == Interface {
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
func (u *Unit) byKey() map[string]*Func {
	m := map[string]*Func{}
	for _, f := range u.Funcs {
		if k := f.calleeKey(); m[k] == nil {
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

// calleeKey returns the key by which instructions name a function.
func (f *Func) calleeKey() string {
	if f.Wrapper || f.Made || f.Parent != nil {
		return f.Name
	}
	if f.Unit != nil {
		return keyOfName(f.Name, f.Unit.Path)
	}
	return f.Name
}

// keyOfName returns the key of a function that has a name in a package: "m.(*T).F" is "(*m.T).F".
func keyOfName(name, path string) string {
	rest, ok := strings.CutPrefix(name, path+".(")
	if !ok {
		return name
	}
	stars := len(rest) - len(strings.TrimLeft(rest, "*"))
	return "(" + rest[:stars] + path + "." + rest[stars:]
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
func (f *Func) guessExported() bool { return f.Parent == nil && exported(baseName(f.Name)) }

func (f *Func) guessKey() string {
	if f.Exported && !f.Wrapper && !f.Made {
		return f.calleeKey()
	}
	return ""
}

// guessPreds returns the predecessors of a block in the order of their blocks.
func (f *Func) guessPreds() [][]int32 {
	preds := make([][]int32, len(f.Blocks))
	for b := range f.Blocks {
		for _, s := range f.Blocks[b].Succs {
			if int(s) < len(preds) {
				preds[s] = append(preds[s], int32(b))
			}
		}
	}
	return preds
}
