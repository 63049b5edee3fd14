package ident

import (
	"strconv"
	"strings"
)

// A Kind tells what the root of a path is.
type Kind uint8

const (
	Unknown Kind = iota // nothing is known but the class
	Param               // the Ref-th parameter, receiver first
	Free                // the Ref-th captured variable of a closure
	Global              // the package variable named Ref
	Alloc               // the variable or object allocated by instruction Ref
	Value               // the value of instruction Ref
	Result              // the Ref-th result of the function, in a summary's exits
)

// MaxSteps bounds the number of fields, derefs and indices of a path; what lies
// deeper is rooted at the value where the bound is reached.
const MaxSteps = 10

// A Path is the access path of a memory location. It is comparable: equal
// paths of kinds other than Unknown name one location, see [Path.Same].
type Path struct {
	Kind  Kind
	Gen   uint8  // Value and Alloc: 0 the latest execution of Ref, 1 the one before, 2 some other
	Ref   string // see Kind
	Steps string // ".field", "^" (pointer followed), "[index]" in order
	Class string // class of the location; "" if only callers can tell
	Read  bool   // the location is a Locker that read-locks (from RLocker)
}

// Root returns the path of a root.
func Root(k Kind, ref, class string) Path { return Path{Kind: k, Ref: ref, Class: class} }

// ParamPath returns the path of what the i-th parameter points to.
func ParamPath(i int) Path { return Path{Kind: Param, Ref: strconv.Itoa(i)} }

// Field returns the path of a field of p.
func (p Path) Field(name, class string) Path {
	p.Steps += "." + name
	p.Class = class
	return p
}

// Deref returns the path of what the pointer at p points to.
func (p Path) Deref() Path { p.Steps += "^"; return p }

// ConstantIndex returns a constant as the index of [Path.Elem].
func ConstantIndex(text string) string { return "\"" + text + "\"" }

// ValueIndex returns the value of an instruction as the index of [Path.Elem].
func ValueIndex(ref string) string { return "{" + ref + "}" }

// Elem returns the path of an element of p; index is a constant in quotes or
// a value reference, "*" stands for any.
func (p Path) Elem(index string) Path { p.Steps += "[" + index + "]"; return p }

// Len returns the number of steps.
func (p Path) Len() int {
	n := 0
	for i := 0; i < len(p.Steps); i++ {
		switch p.Steps[i] {
		case '.', '^', '[':
			n++
		}
	}
	return n
}

// Index returns the number in Ref of a Param, Free or Result root.
func (p Path) Index() int {
	n, err := strconv.Atoi(p.Ref)
	if err != nil {
		return -1
	}
	return n
}

// Exact reports whether p denotes one location, not any of several.
func (p Path) Exact() bool {
	return p.Kind != Unknown && p.Gen < 2 && !strings.Contains(p.Steps, "[*]")
}

// Same reports whether p and q are certainly the same location.
func (p Path) Same(q Path) bool {
	return p.Kind == q.Kind && p.Ref == q.Ref && p.Gen == q.Gen && p.Steps == q.Steps && p.Exact()
}

// Distinct reports whether p and q are certainly different locations: two
// constant indices of one container, or two different classes.
func (p Path) Distinct(q Path) bool {
	if p.Class != "" && q.Class != "" && p.Class != q.Class {
		return true
	}
	if p.Kind != q.Kind || p.Ref != q.Ref || p.Gen != q.Gen || !p.Exact() || !q.Exact() {
		return p.Kind == Alloc && q.Kind == Alloc && p.Ref != q.Ref
	}
	return p.Steps != q.Steps && !strings.Contains(p.Steps+q.Steps, "^") && constantIndices(p.Steps) && constantIndices(q.Steps)
}

// MaySame reports whether p and q are one location as far as can be told: certainly the
// same, or of one class and not certainly different.
func (p Path) MaySame(q Path) bool {
	return p.Same(q) || p.Class == q.Class && !p.Distinct(q)
}

// constantIndices reports whether every index in steps is a quoted constant.
func constantIndices(steps string) bool {
	for {
		i := strings.IndexByte(steps, '[')
		if i < 0 {
			return true
		}
		if i+1 >= len(steps) || steps[i+1] != '"' {
			return false
		}
		steps = steps[i+1:]
	}
}

// Extend returns the path which callee path q, relative to some root, has
// when that root is p.
func (p Path) Extend(q Path) Path {
	p.Steps += q.Steps
	if q.Class != "" {
		p.Class = q.Class
	}
	p.Read = p.Read || q.Read
	return p
}

// Forget returns p with nothing kept but its class.
func (p Path) Forget() Path { return Path{Class: p.Class, Read: p.Read} }

// Generalize replaces indices that only mean something in one function by
// "any".
func (p Path) Generalize() Path {
	if !strings.Contains(p.Steps, "[{") {
		return p
	}
	var b strings.Builder
	for s := p.Steps; ; {
		i := strings.Index(s, "[{")
		if i < 0 {
			b.WriteString(s)
			break
		}
		j := strings.Index(s[i:], "}]")
		b.WriteString(s[:i])
		b.WriteString("[*]")
		s = s[i+j+2:]
	}
	p.Steps = b.String()
	return p
}

// Age returns p after instruction ref has been executed once more: a root at
// its value now is the value before, an index by it is any index.
func (p Path) Age(ref string) Path {
	if (p.Kind == Value || p.Kind == Alloc) && p.Ref == ref && p.Gen < 2 {
		p.Gen++
	}
	if strings.Contains(p.Steps, "[{"+ref+"}]") {
		p.Steps = strings.ReplaceAll(p.Steps, "[{"+ref+"}]", "[*]")
	}
	return p
}

// Mentions reports whether p depends on the value of instruction ref.
func (p Path) Mentions(ref string) bool {
	return (p.Kind == Value || p.Kind == Alloc) && p.Ref == ref || strings.Contains(p.Steps, "[{"+ref+"}]")
}

// Pretty returns the steps as Go source would have them.
func (p Path) Pretty() string {
	s := strings.ReplaceAll(p.Steps, "^", "")
	s = strings.ReplaceAll(s, "[\"", "[")
	s = strings.ReplaceAll(s, "\"]", "]")
	return s
}

// ThroughPointer splits the path of what a field leads to: field is the steps of the field itself, and rest has
// the steps behind the pointer that it holds. ok is false if no pointer is followed.
func (p Path) ThroughPointer() (field string, rest Path, ok bool) {
	i := strings.IndexByte(p.Steps, '^')
	if i < 0 {
		return "", p, false
	}
	field, p.Steps = p.Steps[:i], p.Steps[i+1:]
	return field, p, true
}

// Content returns the path of what lies behind the pointer at the root of p, relative to that, if p starts with following it.
func (p Path) Content() (Path, bool) {
	rest, ok := strings.CutPrefix(p.Steps, "^")
	if ok {
		p.Steps = rest
	}
	return p, ok
}

// IsRoot reports whether p is a parameter or captured variable itself, or what that holds.
func (p Path) IsRoot() bool {
	return (p.Kind == Param || p.Kind == Free) && (p.Steps == "" || p.Steps == "^")
}

// FirstField returns the field at the root of p, if p follows the pointer in it, and the path of what lies behind relative to that.
func (p Path) FirstField() (name string, rest Path, ok bool) {
	steps, ok := strings.CutPrefix(p.Steps, ".")
	if !ok {
		return "", p, false
	}
	i := strings.IndexAny(steps, ".^[")
	if i < 0 || steps[i] != '^' {
		return "", p, false
	}
	name, p.Steps = steps[:i], steps[i+1:]
	return name, p, true
}

// Undo returns the path of the pointer whose content p is, if p ends with following one.
func (p Path) Undo() (Path, bool) {
	rest, ok := strings.CutSuffix(p.Steps, "^")
	p.Steps = rest
	return p, ok
}

// Leads reports whether q is reached from p through a pointer, and by which steps, any index standing for all.
func (p Path) Leads(q Path) (way string, ok bool) {
	if p.Kind != q.Kind || p.Ref != q.Ref || p.Gen != q.Gen || p.Kind == Unknown {
		return "", false
	}
	rest, ok := strings.CutPrefix(q.Generalize().Steps, p.Generalize().Steps)
	if !ok || !strings.Contains(rest, "^") {
		return "", false
	}
	return strings.TrimSuffix(rest, "^"), true
}

// Via returns p as reached through what q is, under another root: the i-th of a kind. ok is false if q does not lead to p.
func (p Path) Via(q Path, k Kind, i int) (_ Path, ok bool) {
	if p.Kind != q.Kind || p.Ref != q.Ref || p.Gen != q.Gen {
		return p, false
	}
	p.Kind, p.Ref, p.Gen = k, strconv.Itoa(i), 0
	p.Steps, ok = strings.CutPrefix(p.Steps, q.Steps)
	return p, ok
}

// Alike reports whether p and q have the same steps.
func (p Path) Alike(q Path) bool { return p.Steps == q.Steps }

// FollowsPointer reports whether p leads through a pointer.
func (p Path) FollowsPointer() bool { return strings.Contains(p.Steps, "^") }

// Within reports whether p is q, or lies in what q is, without another pointer followed.
func (p Path) Within(q Path) bool {
	if p.Kind != q.Kind || p.Ref != q.Ref || p.Gen != q.Gen {
		return false
	}
	rest, ok := strings.CutPrefix(p.Steps, q.Steps)
	return ok && (rest == "" || rest[0] == '.')
}

// Behind reports whether p is q, or is reached from what q is by whatever steps.
func (p Path) Behind(q Path) bool {
	if p.Kind != q.Kind || p.Ref != q.Ref || p.Gen != q.Gen || p.Kind == Unknown {
		return false
	}
	rest, ok := strings.CutPrefix(p.Steps, q.Steps)
	return ok && (rest == "" || strings.IndexByte(".^[", rest[0]) >= 0)
}

// IsElem reports whether p is an element of something, or what an element points to.
func (p Path) IsElem() bool { return strings.HasSuffix(strings.TrimRight(p.Steps, "^"), "]") }

// InField returns the class of p if that is of a field or package variable; "" for a local variable, and for an element.
func (p Path) InField() string {
	if strings.Contains(p.Class, "@") || p.IsElem() {
		return ""
	}
	return p.Class
}

// Indexed reports whether p leads through an element.
func (p Path) Indexed() bool { return strings.Contains(p.Steps, "[") }

// Owner returns the path of the object which contains the last field of p,
// and reports whether there is one.
func (p Path) Owner() (Path, bool) {
	i := strings.LastIndexByte(p.Steps, '.')
	if i < 0 {
		return p, false
	}
	p.Steps = p.Steps[:i]
	p.Class = ""
	return p, true
}
