package text

import (
	"fmt"
	"strconv"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// nameValues finds how the values of a function are written. Parameters have their names, other leaves stand where they are used,
// unless that would not tell their numbers: they are in the order in which they are used first.
func (p *printer) nameValues() {
	f := p.f
	p.text = make([]string, len(f.Code))
	p.said = make([]bool, len(f.Code))
	p.used = make([]bool, len(f.Code))
	taken := map[string]bool{}
	for i := range p.text {
		p.text[i] = fmt.Sprint("v", i)
	}
	for v := effects.V(1); v < f.First && int(v) < len(f.Code); v++ {
		switch in := f.At(v); in.Op {
		case effects.Param, effects.Free:
			if usable(in.Sym) && !taken[in.Sym] {
				p.text[v] = in.Sym
				taken[in.Sym] = true
			}
		}
	}
	next := effects.V(len(f.Params) + len(f.Free) + 1)
	first := next
	met := func(v effects.V) {
		if v > 0 && int(v) < len(p.used) && !p.used[v] {
			p.used[v] = true
			if v >= first && v < f.First && v == next {
				next++
			}
		}
	}
	for v := f.First; int(v) < len(f.Code); v++ {
		in := f.At(v)
		for _, a := range in.Args {
			met(a)
		}
		for _, c := range f.Callbacks[v] {
			if c.Arg != v {
				met(c.Arg)
			}
			if c.Recv != guessRecv(f, c) {
				met(c.Recv)
			}
		}
	}
	p.explicit = next != f.First
	if !p.explicit {
		p.inline(first)
	}
}

// usable reports whether the name of a parameter can stand for it.
func usable(s string) bool {
	switch s {
	case "_", "nil", "true", "false", "zero":
		return false
	}
	return shortable(s) && !(s[0] == 'v' && len(s) > 1 && isDigit(s, 1))
}

// inline finds the texts of leaves.
func (p *printer) inline(first effects.V) {
	f := p.f
	type id struct{ word, typ string }
	same := map[id]int{}
	words := map[string]int{}
	for v := first; v < f.First; v++ {
		in := f.At(v)
		if in.Op == effects.Const {
			words[in.Sym]++
		}
	}
	for v := first; v < f.First; v++ {
		in := f.At(v)
		word, typ := p.leaf(v)
		k := id{word, typ}
		same[k]++
		if same[k] > 1 && in.Op != effects.Const || word == "" {
			p.explicit = true
		}
		if same[k] > 1 {
			word += "~" + strconv.Itoa(same[k])
		}
		if typ != "" {
			if in.Op == effects.Const && words[in.Sym] == 1 && untyped(in.Sym) {
				p.said[v] = false
			} else {
				p.said[v] = true
				word += ":" + typ
			}
		} else if in.Op == effects.Const && untyped(in.Sym) && words[in.Sym] > 1 {
			word += ":_"
		}
		p.text[v] = word
	}
	if p.explicit {
		for v := first; v < f.First; v++ {
			p.text[v] = fmt.Sprint("v", v)
		}
	}
}

// leaf returns the text of a leaf, and its type if that must be told; the text is "" if the leaf must be declared.
func (p *printer) leaf(v effects.V) (word, typ string) {
	in := p.f.At(v)
	if in.How != effects.AtOnce || in.Index != 0 || len(in.Args) > 0 || in.Pos.IsValid() || in.Flags != guessFlags(p.f, v) {
		return "", ""
	}
	switch in.Op {
	case effects.Const:
		if in.Class != "" || in.Fn != nil {
			return "", ""
		}
		if !looksLike(in.Type, constType(in.Sym)) {
			typ = p.typ(in.Type)
		}
		return constWord(in.Sym), typ
	case effects.Global:
		if in.Sym != baseName(in.Class) || in.Fn != nil {
			return "", ""
		}
		if !looksLike(in.Type, p.globalType(in.Class)) {
			typ = p.typ(in.Type)
		}
		return "&" + p.name(in.Class), typ
	case effects.FuncOf:
		if !looksLike(in.Type, guessType(p.f, v)) {
			typ = p.typ(in.Type)
		}
		return p.callee(in.Fn, in.Class, in.Sym), typ
	}
	return "", ""
}

// globalType returns the type of the address of a package variable that is told before the functions.
func (n *names) globalType(class string) *effects.Type {
	if t := n.vars[class]; isPointerTo(t) {
		return t
	}
	return nil
}

// untyped reports whether a constant says nothing of its type.
func untyped(sym string) bool { return sym == "nil" || sym == "zero" }

// constType returns the type that a constant has if nothing else is said.
func constType(sym string) *effects.Type {
	switch {
	case untyped(sym):
		return nil
	case sym == "true" || sym == "false":
		return &effects.Type{Kind: effects.Bool}
	case isQuoted(sym):
		return &effects.Type{Kind: effects.String}
	}
	return &effects.Type{}
}

func isQuoted(s string) bool {
	q, err := strconv.QuotedPrefix(s)
	return err == nil && q == s && s[0] == '"'
}

// constWord returns a constant as the text writes it.
func constWord(sym string) string {
	switch {
	case untyped(sym), sym == "true", sym == "false", isQuoted(sym), sym != "" && numberEnd(sym) == len(sym):
		return sym
	}
	return "#" + strconv.Quote(sym)
}

// operand returns the text of an operand.
func (p *printer) operand(v effects.V) string {
	if v <= 0 || int(v) >= len(p.text) {
		return "_"
	}
	s := p.text[v]
	if in := p.f.At(v); in.Op == effects.Const && !p.explicit && !p.said[v] && untyped(in.Sym) {
		p.said[v] = true
		if in.Type != nil {
			s += ":" + p.typ(in.Type)
		}
	}
	return s
}
