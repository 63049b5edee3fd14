package text

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

func (p *printer) boxed(b *effects.Boxed) {
	fmt.Fprintf(&p.b, "boxed %s", p.typ(b.Type))
	if b.Text != "" || b.Build != "" {
		fmt.Fprintf(&p.b, " %q", b.Text)
	}
	if b.Build != "" {
		fmt.Fprintf(&p.b, " %q", b.Build)
	}
	p.b.WriteString(" {")
	for i, m := range b.Methods {
		if i > 0 {
			p.b.WriteString(",")
		}
		fmt.Fprintf(&p.b, " %q %s %q", m.Sig, path(m.Pkg), m.Key)
	}
	p.b.WriteString(" }\n")
}

// boxed reads the methods of a type. Who writes by hand may leave out which functions they are.
func (p *parser) boxed() {
	b := effects.Boxed{Type: p.typ()}
	if !p.is("{") {
		b.Text = p.unquote()
	}
	if !p.is("{") {
		b.Build = p.unquote()
	}
	p.expect("{")
	for !p.accept("}") {
		m := effects.BoxedMethod{Sig: p.unquote()}
		if !p.is(",") && !p.is("}") {
			m.Pkg = p.text("import path")
			m.Key = p.unquote()
		}
		b.Methods = append(b.Methods, m)
		if !p.is("}") {
			p.expect(",")
		}
	}
	p.unit.Boxed = append(p.unit.Boxed, b)
}

// methods finds the functions of the unit that are methods of what is boxed.
func (p *parser) methods() {
	for _, b := range p.unit.Boxed {
		for i := range b.Methods {
			m := &b.Methods[i]
			if m.Key == "" {
				m.Pkg, m.Key = p.unit.Path, p.methodKey(b.Type, m.Sig)
			}
			if m.Pkg == p.unit.Path {
				m.Fn = p.keyed[m.Key]
			}
		}
	}
}

// methodKey returns the key of a method of a type of the unit.
func (p *parser) methodKey(t *effects.Type, sig string) string {
	name, _, _ := strings.Cut(sig, "(")
	name = name[strings.LastIndexByte(name, '.')+1:]
	if t = t.To(); t == nil {
		return ""
	}
	for _, key := range []string{"(*" + t.Name + ")." + name, "(" + t.Name + ")." + name} {
		if p.keyed[key] != nil {
			return key
		}
	}
	return ""
}

func quoted(ss []string) string {
	qs := make([]string, len(ss))
	for i, s := range ss {
		qs[i] = strconv.Quote(s)
	}
	return strings.Join(qs, ", ")
}
