package effects

import (
	"cmp"
	"slices"
)

// A Boxed is what can be called on an interface that has a value of a type.
type Boxed struct {
	Type    *Type
	Methods []BoxedMethod // in the order of their signatures
}

// A BoxedMethod is one of a type that is no interface.
type BoxedMethod struct {
	Sig      string // as in [Type.Methods]
	Pkg, Key string // tell which function it is
	Fn       *Func  // nil if it is not in the program
}

// Method returns the method with a signature.
func (b *Boxed) Method(sig string) (BoxedMethod, bool) {
	i, ok := slices.BinarySearchFunc(b.Methods, sig, func(m BoxedMethod, sig string) int { return cmp.Compare(m.Sig, sig) })
	if !ok {
		return BoxedMethod{}, false
	}
	return b.Methods[i], true
}
