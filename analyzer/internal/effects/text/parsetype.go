package text

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// typeLine reads the declaration of a type.
func (p *parser) typeLine() {
	line := p.peek().line
	written, full := p.name("name of a type")
	written = first(written)
	t := p.types[written]
	if t == nil {
		t = &effects.Type{}
		p.types[written] = t
	}
	if slices.Contains(p.order, t) {
		fail(line, "type %s is declared again", written)
	}
	p.order = append(p.order, t)
	*t = *p.literal()
	t.Name, t.Pkg = full, pathOf(full)
	p.typeMarks(t)
	if p.peek().kind == aMark && p.peek().text == "in" {
		p.i++
		t.Pkg = p.text("import path")
	}
	if written == "error" {
		t.Error, t.Pkg = true, ""
	}
}

// typ reads a type; nil is "_".
func (p *parser) typ() *effects.Type {
	if p.peek().kind == aWord || p.is("@") {
		if t, ok := p.typeName(); ok {
			if isTypeMark(p.peek()) {
				p.typeMarks(t)
			}
			return t
		}
	}
	if p.isWord("_") {
		p.i++
		return nil
	}
	t := p.literal()
	p.typeMarks(t)
	return p.intern(t)
}

// typeName reads the name of a type, which need not be declared.
func (p *parser) typeName() (*effects.Type, bool) {
	t := p.peek()
	if t.kind == aWord && !strings.Contains(t.text, ".") && t.text != "error" {
		return nil, false
	}
	written, full := p.name("type")
	written = first(written)
	named := p.types[written]
	if named == nil {
		named = defaultType(full)
		p.types[written] = named
	}
	return named, true
}

// first returns a name without the number of the first of that name.
func first(written string) string { return strings.TrimSuffix(written, "~1") }

func isTypeMark(t token) bool { return t.kind == aMark && t.next && t.text != "in" }

// typeMarks reads what marks say of a type.
func (p *parser) typeMarks(t *effects.Type) {
	for p.peek().kind == aMark && p.peek().text != "in" {
		mark := p.peek().text
		switch s, ok := syncs[mark]; {
		case ok:
			t.Sync = s
		case mark == "error":
			t.Error = true
		case mark == "serves":
			t.Serves = true
		case !p.peek().next:
			return // of the function
		default:
			p.fail("unknown mark !%s of a type", mark)
		}
		p.i++
	}
}

// literal reads a type that is no name.
func (p *parser) literal() *effects.Type {
	if p.depth++; p.depth > effects.MaxTypeDepth {
		p.fail("a type is too deep")
	}
	defer func() { p.depth-- }()
	switch {
	case p.accept("*"):
		return &effects.Type{Kind: effects.Pointer, Elem: p.typ()}
	case p.accept("["):
		t := &effects.Type{Kind: effects.SliceOf}
		if !p.is("]") {
			t.Kind, t.Len = effects.Array, p.int()
		}
		p.expect("]")
		t.Elem = p.typ()
		return t
	case p.is("("):
		return p.tupleType()
	}
	line := p.peek().line
	switch w := p.word("type"); w {
	case "int":
		return &effects.Type{}
	case "bool":
		return &effects.Type{Kind: effects.Bool}
	case "string":
		return &effects.Type{Kind: effects.String}
	case "unsafe":
		return &effects.Type{Kind: effects.Unsafe}
	case "typeparam":
		t := &effects.Type{Kind: effects.TypeParam}
		if p.accept("(") {
			if !p.is(")") {
				t.Text = p.unquote()
			}
			for p.accept(",") {
				t.Methods = append(t.Methods, p.unquote())
			}
			p.expect(")")
		}
		return t
	case "interface", "any":
		t := &effects.Type{Kind: effects.Interface}
		if p.accept("(") {
			for !p.accept(")") {
				t.Methods = append(t.Methods, p.unquote())
				p.accept(",")
			}
		}
		return t
	case "chan":
		return &effects.Type{Kind: effects.Chan, Elem: p.typ()}
	case "map":
		p.expect("[")
		p.balanced("[", "]")
		return &effects.Type{Kind: effects.Map, Elem: p.typ()}
	case "struct":
		t := &effects.Type{Kind: effects.Struct}
		if p.accept("{") {
			p.fields(t)
		}
		return t
	case "func":
		t := &effects.Type{Kind: effects.Signature}
		if p.accept("(") {
			if !p.is(")") {
				t.Text = p.unquote()
			}
			p.expect(")")
		}
		if p.is("(") {
			t.Results = p.tupleType().Results
		}
		return t
	default:
		fail(line, "unknown type %s", w)
	}
	return nil
}

// balanced skips tokens until what is open is closed.
func (p *parser) balanced(open, shut string) {
	for depth := 1; depth > 0; {
		switch t := p.next(); {
		case t.kind == newline || t.kind == endOfText:
			fail(t.line, "%q expected", shut)
		case t.kind == aSpecial && t.text == open:
			depth++
		case t.kind == aSpecial && t.text == shut:
			depth--
		}
	}
}

// tupleType reads types in parentheses; one without a comma is that type itself.
func (p *parser) tupleType() *effects.Type {
	p.expect("(")
	t := &effects.Type{Kind: effects.Tuple}
	for !p.accept(")") {
		t.Results = append(t.Results, p.typ())
		if !p.is(")") {
			p.expect(",")
		} else if len(t.Results) == 1 && t.Results[0] != nil && p.ahead(-1).text != "," {
			p.i++
			one := t.Results[0]
			if one.Name == "" {
				c := *one
				one = &c
			}
			return one
		}
	}
	return t
}

func (p *parser) fields(t *effects.Type) {
	for {
		for p.is(";") || p.peek().kind == newline {
			p.i++
		}
		if p.accept("}") {
			return
		}
		t.Fields = append(t.Fields, p.field())
		if !p.is(";") && !p.is("}") && p.peek().kind != newline {
			p.fail("unexpected %s behind a field", p.peek())
		}
	}
}

func (p *parser) field() effects.FieldType {
	if p.accept("+") {
		name := p.text("name of a field")
		return effects.FieldType{Name: name, Embedded: true, Type: p.typ()}
	}
	if p.is("*") || p.peek().kind == aWord && strings.Contains(p.peek().text, ".") {
		line, from := p.peek().line, p.i
		typ := p.typ()
		var written strings.Builder
		for _, tok := range p.toks[from:p.i] {
			if tok.kind != aMark {
				written.WriteString(tok.text)
			}
		}
		name := embeddedName(written.String())
		if name == "" {
			fail(line, "a field without name")
		}
		return effects.FieldType{Name: name, Embedded: true, Type: typ}
	}
	name := p.text("name of a field")
	return effects.FieldType{Name: name, Type: p.typ()}
}

// intern returns the type of the unit that is the same as an unnamed one.
func (p *parser) intern(t *effects.Type) *effects.Type {
	if t == nil || t.Name != "" {
		return t
	}
	key := p.describe(t)
	if old := p.types[key]; old != nil {
		return old
	}
	p.types[key] = t
	return t
}

// describe returns a text that is the same for unnamed types that are the same. What they are made of is interned.
func (p *parser) describe(t *effects.Type) string {
	var b strings.Builder
	part := func(x *effects.Type) {
		if x == nil {
			b.WriteString(" -")
			return
		}
		id, ok := p.seen[x]
		if !ok {
			id = len(p.seen) + 1
			p.seen[x] = id
		}
		b.WriteString(" " + strconv.Itoa(id))
	}
	b.WriteString("=" + t.Kind.String() + " " + t.Sync.String() + " " + strconv.FormatInt(t.Len, 10) + strconv.FormatBool(t.Serves) + strconv.FormatBool(t.Error))
	part(t.Elem)
	for _, f := range t.Fields {
		b.WriteString(" " + strconv.Quote(f.Name) + strconv.FormatBool(f.Embedded))
		part(f.Type)
	}
	for _, r := range t.Results {
		b.WriteString(",")
		part(r)
	}
	if t.Text != "" {
		b.WriteString(";" + strconv.Quote(t.Text))
	}
	for _, m := range t.Methods {
		b.WriteString(" " + strconv.Quote(m))
	}
	return b.String()
}
