package calls

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// Guesses are the methods that calls reach if other programs give a library what they can: values of its exported types,
// where its exported functions take an interface of its own and nothing in the program gives one.
type Guesses map[*effects.Func]map[effects.V][]*effects.Func

// fromOutside marks the places where what other programs have comes in, for the packages that they may import.
func (g *graph) fromOutside(open func(path string) bool) {
	g.outer = g.object(object{})
	for _, f := range g.fns {
		if !f.Exported || f.Parent != nil || f.Test || f.Unit.Name == "main" || !open(f.Unit.Path) || f.Recv && !exportedType(f.At(f.Params[0]).Type.To()) {
			continue
		}
		for _, p := range f.Params {
			if n := g.value(f, p); n != 0 && g.askable(f.At(p).Type, open) {
				g.starts = append(g.starts, start{n, g.outer})
			}
		}
	}
}

// askable reports whether a type is an interface that a package which other programs may import has declared.
func (g *graph) askable(t *effects.Type, open func(path string) bool) bool {
	return t != nil && t.Kind == effects.Interface && t.Name != "" && len(t.Methods) > 0 && open(t.Pkg)
}

func exportedType(t *effects.Type) bool {
	if t == nil {
		return false
	}
	r, _ := utf8.DecodeRuneInString(t.Name[strings.LastIndexByte(t.Name, '.')+1:])
	return unicode.IsUpper(r)
}

// guess finds the methods of the exported types that a call may reach to which only what comes from outside comes.
func (g *graph) guess(st *site, t *effects.Type, open func(path string) bool) []*effects.Func {
	if !g.askable(t, open) {
		return nil
	}
	in := st.fn.At(st.at)
	var all []int32
	for _, o := range g.byName[in.Sym] {
		if of := g.objects[o].boxed.Type.To(); exportedType(of) && open(of.Pkg) && g.objects[o].boxed.Build == "" {
			all = append(all, o)
		}
	}
	var fns []*effects.Func
	for _, f := range g.reached(all, question{face: g.types.face(t), sig: signature(t, in.Sym)}) {
		if f.ID >= 0 && !f.Wrapper && !f.Test {
			fns = append(fns, f)
		}
	}
	return fns
}
