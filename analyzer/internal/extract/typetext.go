package extract

import (
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"
)

// typeTexts writes types so that those of different packages that are identical have one text: [effects.Type.Text]. It can be used by several
// goroutines.
type typeTexts struct {
	fset   *token.FileSet
	params sync.Map // *types.TypeParam -> string, see declare
}

// declare names the type parameters of a generic function by their place in it, and those of the receiver of a method by their place in the
// type, so that they are the same in all methods.
func (tt *typeTexts) declare(fn *ssa.Function) {
	list := fn.Signature.TypeParams()
	if list.Len() == 0 {
		list = fn.Signature.RecvTypeParams()
	}
	for i := range list.Len() {
		tt.params.LoadOrStore(list.At(i), paramText(fn, i))
	}
}

// paramText returns the text of a type parameter of a generic function, or of the type whose method it is.
func paramText(fn *ssa.Function, i int) string {
	if r := fn.Signature.Recv(); r != nil {
		if n := named(r.Type()); n != nil {
			return typeParamText(n, i)
		}
	}
	return "$" + funcName(fn) + "$" + strconv.Itoa(i)
}

// typeParamText returns the text of a parameter of a generic type.
func typeParamText(n *types.Named, i int) string {
	path := ""
	if p := n.Obj().Pkg(); p != nil {
		path = p.Path()
	}
	return "$" + path + "." + n.Obj().Name() + "$" + strconv.Itoa(i)
}

// signature returns the parameters and results of a function.
func (tt *typeTexts) signature(sig *types.Signature) string {
	var b strings.Builder
	tt.writeSignature(&b, sig)
	return b.String()
}

// methods returns the names and signatures of the methods of an interface.
func (tt *typeTexts) methods(it *types.Interface) []string {
	if it.NumMethods() == 0 {
		return nil
	}
	ms := make([]string, 0, it.NumMethods())
	for m := range it.Methods() {
		ms = append(ms, tt.method(m, m.Signature()))
	}
	slices.Sort(ms)
	return ms
}

// method returns the name and signature of a method.
func (tt *typeTexts) method(m *types.Func, sig *types.Signature) string {
	var b strings.Builder
	if !m.Exported() && m.Pkg() != nil {
		b.WriteString(m.Pkg().Path() + ".")
	}
	b.WriteString(m.Name())
	tt.writeSignature(&b, sig)
	return b.String()
}

// typ returns the text of a type.
func (tt *typeTexts) typ(t types.Type) string {
	var b strings.Builder
	tt.write(&b, t)
	return b.String()
}

func (tt *typeTexts) writeSignature(b *strings.Builder, sig *types.Signature) {
	tt.writeTuple(b, sig.Params(), sig.Variadic())
	if sig.Results().Len() > 0 {
		tt.writeTuple(b, sig.Results(), false)
	}
}

func (tt *typeTexts) writeTuple(b *strings.Builder, t *types.Tuple, variadic bool) {
	b.WriteByte('(')
	for i := range t.Len() {
		if i > 0 {
			b.WriteByte(',')
		}
		typ := t.At(i).Type()
		if s, ok := types.Unalias(typ).(*types.Slice); ok && variadic && i == t.Len()-1 {
			b.WriteString("...")
			typ = s.Elem()
		}
		tt.write(b, typ)
	}
	b.WriteByte(')')
}

func (tt *typeTexts) write(b *strings.Builder, t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		b.WriteString(t.String())
	case *types.Named:
		tt.writeNamed(b, t)
	case *types.Pointer:
		b.WriteByte('*')
		tt.write(b, t.Elem())
	case *types.Slice:
		b.WriteString("[]")
		tt.write(b, t.Elem())
	case *types.Array:
		b.WriteString("[" + strconv.FormatInt(t.Len(), 10) + "]")
		tt.write(b, t.Elem())
	case *types.Map:
		b.WriteString("map[")
		tt.write(b, t.Key())
		b.WriteByte(']')
		tt.write(b, t.Elem())
	case *types.Chan:
		b.WriteString([...]string{types.SendRecv: "chan ", types.SendOnly: "chan<- ", types.RecvOnly: "<-chan "}[t.Dir()])
		tt.write(b, t.Elem())
	case *types.Signature:
		b.WriteString("func")
		tt.writeSignature(b, t)
	case *types.Interface:
		b.WriteString("interface{" + strings.Join(tt.methods(t), ";") + "}")
	case *types.Struct:
		b.WriteString("struct{")
		for f := range t.Fields() {
			if !f.Embedded() {
				b.WriteString(f.Name() + " ")
			}
			tt.write(b, f.Type())
			b.WriteByte(';')
		}
		b.WriteByte('}')
	case *types.TypeParam:
		name, ok := tt.params.Load(t)
		if !ok {
			name = "$" + t.Obj().Name()
		}
		b.WriteString(name.(string))
	default:
		b.WriteString(t.String())
	}
}

func (tt *typeTexts) writeNamed(b *strings.Builder, t *types.Named) {
	obj := t.Obj()
	if obj.Pkg() != nil {
		b.WriteString(obj.Pkg().Path() + ".")
	}
	b.WriteString(obj.Name())
	if obj.Pkg() != nil && obj.Parent() != nil && obj.Parent() != obj.Pkg().Scope() { // declared in a function
		at := tt.fset.Position(obj.Pos())
		b.WriteString("'" + filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Offset))
	}
	if args := t.TypeArgs(); args.Len() > 0 {
		b.WriteByte('[')
		for i := range args.Len() {
			if i > 0 {
				b.WriteByte(',')
			}
			tt.write(b, args.At(i))
		}
		b.WriteByte(']')
	}
}
