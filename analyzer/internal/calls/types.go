package calls

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// maxPointers bounds pointers to pointers.
const maxPointers = 8

// holds returns the function or interface type that a value of a type is, or that pointers lead to, and how many
// pointers; nil if the value holds nothing of that kind.
func holds(t *effects.Type) (*effects.Type, int) {
	for depth := 0; t != nil && depth < maxPointers; depth++ {
		switch t.Kind {
		case effects.Signature, effects.Interface, effects.TypeParam:
			return t, depth
		case effects.Pointer:
			t = t.Elem
		default:
			return nil, 0
		}
	}
	return nil, 0
}

// followed reports whether values of a type have nodes of their own.
func followed(t *effects.Type) bool {
	in, depth := holds(t)
	return in != nil && depth <= 1
}

// types tells which types of different packages are the same.
type types struct {
	texts    map[*effects.Type]string
	faces    map[*effects.Type]face
	byMethod map[string]face
	methods  [][]string          // by face
	args     map[string][]string // what type parameters stand for
}

// A face is the number of a set of methods that an interface asks for: 0 is that of none.
type face int32

func newTypes() types {
	return types{map[*effects.Type]string{}, map[*effects.Type]face{}, map[string]face{"": 0}, [][]string{nil}, map[string][]string{}}
}

// text returns a text that is the same for types that are the same, of those that hold functions and interfaces, and of structs.
func (ts *types) text(t *effects.Type) string {
	if t == nil {
		return "_"
	}
	s, ok := ts.texts[t]
	if ok {
		return s
	}
	switch {
	case t.Kind == effects.TypeParam:
		s = t.Text
	case t.Name != "":
		s = t.Name
	case t.Kind == effects.Signature:
		s = "func" + t.Text
	case t.Kind == effects.Interface:
		s = "interface{" + strings.Join(t.Methods, ";") + "}"
	case t.Kind == effects.Pointer && t.Elem != nil:
		s = "*" + ts.text(t.Elem)
	case t.Kind == effects.Struct:
		parts := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			parts[i] = f.Name + " " + ts.text(f.Type)
		}
		s = "struct{" + strings.Join(parts, ";") + "}"
	default:
		s = t.Kind.String()
	}
	ts.texts[t] = s
	return s
}

// face returns what a type asks of what is converted to it.
func (ts *types) face(t *effects.Type) face {
	if t == nil || len(t.Methods) == 0 {
		return 0
	}
	f, ok := ts.faces[t]
	if !ok {
		key := strings.Join(t.Methods, ";")
		if f, ok = ts.byMethod[key]; !ok {
			f = face(len(ts.methods))
			ts.methods = append(ts.methods, t.Methods)
			ts.byMethod[key] = f
		}
		ts.faces[t] = f
	}
	return f
}

// signature returns the signature of a method of an interface, "" if it is not known.
func signature(t *effects.Type, name string) string {
	if t != nil {
		for _, m := range t.Methods {
			if methodName(m) == name {
				return m
			}
		}
	}
	return ""
}

// methodName returns the name of a method by its signature.
func methodName(sig string) string {
	name, _, _ := strings.Cut(sig, "(")
	return name[strings.LastIndexByte(name, '.')+1:]
}

// generic reports whether there is a type parameter in a text.
func generic(text string) bool { return strings.IndexByte(text, '$') >= 0 }

// maxArgs bounds type arguments in type arguments.
const maxArgs = 3

// alike reports whether two texts may be of one type: they are the same, where a type parameter may be what it stands for somewhere, the same
// everywhere in a text. What is not known may be anything.
func (ts *types) alike(a, b string) bool { return a == "" || b == "" || ts.unify(a, b, 0) }

func (ts *types) unify(a, b string, depth int) bool {
	switch {
	case a == b || depth > maxArgs:
		return true
	case !generic(a) && !generic(b):
		return false
	}
	var bound [][2]string
	for a != "" && b != "" {
		switch {
		case a[0] == '$' || b[0] == '$':
			x, y := a[:typeLen(a)], b[:typeLen(b)]
			if x == "" || y == "" {
				return false
			}
			a, b = a[len(x):], b[len(y):]
			if x[0] != '$' {
				x, y = y, x
			}
			for _, k := range bound {
				if k[0] == x && k[1] != y && !generic(k[1]) && !generic(y) {
					return false
				}
			}
			if !ts.mayBe(x, y, depth) && !ts.mayBe(y, x, depth) {
				return false
			}
			bound = append(bound, [2]string{x, y})
		case a[0] != b[0]:
			return false
		default:
			a, b = a[1:], b[1:]
		}
	}
	return a == b
}

// mayBe reports whether a type parameter may stand for a type. In a function that nobody calls it stands for none.
func (ts *types) mayBe(param, t string, depth int) bool {
	if param == t {
		return true
	}
	if param == "" || param[0] != '$' {
		return false
	}
	for _, a := range ts.args[param] {
		if ts.unify(a, t, depth+1) {
			return true
		}
	}
	return false
}

// typeLen returns the length of the type with which a text begins.
func typeLen(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				return i
			}
			depth--
		case ',', ';':
			if depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

// has returns the method with a signature of what is boxed.
func (ts *types) has(b *effects.Boxed, sig string) (effects.BoxedMethod, bool) {
	if m, ok := b.Method(sig); ok {
		return m, true
	}
	params := sig[strings.IndexByte(sig, '('):]
	name := sig[:len(sig)-len(params)]
	i, _ := slices.BinarySearchFunc(b.Methods, name+"(", func(m effects.BoxedMethod, s string) int { return strings.Compare(m.Sig, s) })
	if i < len(b.Methods) {
		if rest, ok := strings.CutPrefix(b.Methods[i].Sig, name); ok && strings.HasPrefix(rest, "(") && ts.alike(rest, params) {
			return b.Methods[i], true
		}
	}
	return effects.BoxedMethod{}, false
}
