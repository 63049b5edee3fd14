package calls

import (
	"slices"
	"strconv"
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

// types tells which types of different packages are the same.
type types struct {
	texts map[*effects.Type]string
}

// text returns a text that is the same for types that are the same. Two of one package that are type parameters are not.
func (ts *types) text(t *effects.Type, unit *effects.Unit) string {
	if t == nil {
		return "_"
	}
	if s, ok := ts.texts[t]; ok {
		return s
	}
	s := t.Name
	if s == "" || t.Kind == effects.TypeParam {
		s = ts.underlying(t, unit, 0)
	}
	ts.texts[t] = s
	return s
}

// maxNesting bounds types without names in types.
const maxNesting = 3

// underlying returns the text of a type without its name.
func (ts *types) underlying(t *effects.Type, unit *effects.Unit, depth int) string {
	part := func(t *effects.Type) string {
		switch {
		case t == nil:
			return "_"
		case t.Name != "" && t.Kind != effects.TypeParam:
			return t.Name
		case depth >= maxNesting:
			return t.Kind.String()
		}
		return ts.underlying(t, unit, depth+1)
	}
	parts := func(list []*effects.Type) string {
		ss := make([]string, len(list))
		for i, t := range list {
			ss[i] = part(t)
		}
		return "(" + strings.Join(ss, ",") + ")"
	}
	switch t.Kind {
	case effects.Pointer:
		return "*" + part(t.Elem)
	case effects.SliceOf:
		return "[]" + part(t.Elem)
	case effects.Array:
		return "[" + strconv.FormatInt(t.Len, 10) + "]" + part(t.Elem)
	case effects.Map:
		return "map " + part(t.Elem)
	case effects.Chan:
		return "chan " + part(t.Elem)
	case effects.Signature:
		if depth > 0 { // what is told of it depends on what else the package does with it
			return "func"
		}
		return "func" + parts(t.Params) + parts(t.Results)
	case effects.Interface:
		if depth > 0 {
			return "interface"
		}
		return "interface{" + strings.Join(t.Methods, ";") + "}"
	case effects.Struct:
		ss := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			ss[i] = f.Name + " " + part(f.Type)
		}
		return "struct{" + strings.Join(ss, ";") + "}"
	case effects.TypeParam:
		return unit.Path + "$" + strconv.Itoa(t.ID)
	}
	return t.Kind.String()
}

// alike reports whether a function of one type may be called as one of the other: the signatures are the same, where a type parameter
// is any type.
func alike(a, b *effects.Type) bool {
	if a == nil || b == nil || a.Kind != effects.Signature || b.Kind != effects.Signature {
		return a == nil || b == nil || a.Kind == effects.TypeParam || b.Kind == effects.TypeParam
	}
	return slices.EqualFunc(a.Params, b.Params, alikePart) && slices.EqualFunc(a.Results, b.Results, alikePart)
}

func alikePart(a, b *effects.Type) bool {
	for range maxPointers {
		switch {
		case a == b || a == nil || b == nil:
			return true
		case a.Kind == effects.TypeParam || b.Kind == effects.TypeParam:
			return true
		case a.Kind != b.Kind || a.Name != b.Name || a.Len != b.Len:
			return false
		case a.Name != "" || a.Elem == nil:
			return a.Name != "" || a.Kind != effects.Struct || slices.EqualFunc(a.Fields, b.Fields, func(x, y effects.FieldType) bool { return x.Name == y.Name })
		}
		a, b = a.Elem, b.Elem
	}
	return true
}

// methodName returns the name of a method by its signature.
func methodName(sig string) string {
	name, _, _ := strings.Cut(sig, "(")
	return name[strings.LastIndexByte(name, '.')+1:]
}

// signature returns the signature of a method of an interface, "" if it is not known.
func signature(t *effects.Type, name string) string {
	if t == nil {
		return ""
	}
	for _, m := range t.Methods {
		if methodName(m) == name {
			return m
		}
	}
	return ""
}
