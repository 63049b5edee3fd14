package effects

import (
	"cmp"
	"slices"
)

// A TypeArg is that a type parameter stands for a type somewhere, both as in [Type.Text].
type TypeArg struct{ Param, Arg string }

// A Boxed is what can be called on an interface that has a value of a type.
type Boxed struct {
	Type    *Type
	Text    string        // the same in all packages; "" if its name is enough
	Build   string        // see [Func.Build]
	Methods []BoxedMethod // in the order of their signatures
}

// A BoxedMethod is one of a type that is no interface.
type BoxedMethod struct {
	Sig      string // as in [Type.Methods]
	Pkg, Key string // tell which function it is
	Fn       *Func  // nil if it is not in the program
}

// Name returns the text of a type without arguments that is declared in a package, and of a pointer to one; else nothing.
func (b *Boxed) Name() string {
	stars := ""
	t := b.Type
	for t != nil && t.Kind == Pointer && t.Name == "" {
		stars += "*"
		t = t.Elem
	}
	if t == nil || t.Name == "" {
		return ""
	}
	return stars + t.Name
}

// Identity returns a text that is the same for one type in all packages, "" if it is not known.
func (b *Boxed) Identity() string {
	if b.Text != "" {
		return b.Text
	}
	return b.Name()
}

// Method returns the method with a signature.
func (b *Boxed) Method(sig string) (BoxedMethod, bool) {
	i, ok := slices.BinarySearchFunc(b.Methods, sig, func(m BoxedMethod, sig string) int { return cmp.Compare(m.Sig, sig) })
	if !ok {
		return BoxedMethod{}, false
	}
	return b.Methods[i], true
}
