package text

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// String returns the text of a function.
func String(f *effects.Func) string {
	return printed(f.Unit, func(p *printer) { p.function(f) })
}

// Print writes the text of a unit, which [Parse] reads.
func Print(w io.Writer, u *effects.Unit) error {
	s := printed(u, func(p *printer) {
		p.head()
		for _, f := range u.Funcs {
			p.b.WriteByte('\n')
			p.function(f)
		}
	})
	_, err := io.WriteString(w, s)
	return err
}

// printed prints twice: when it is known which import paths are met, they are abbreviated.
func printed(u *effects.Unit, print func(*printer)) string {
	p := printer{names: newNames(u)}
	print(&p)
	p.b.Reset()
	p.abbreviate()
	print(&p)
	return p.b.String()
}

// A printer writes text.
type printer struct {
	*names
	b strings.Builder
	f *effects.Func

	text     []string // of values, by number
	said     []bool   // the type of a constant has been told
	explicit bool     // leaves are declared
	used     []bool   // value is an operand
}

// head prints what stands before the functions of a unit.
func (p *printer) head() {
	u := p.unit
	fmt.Fprintf(&p.b, "unit %s", path(u.Path))
	if s := p.short[u.Path]; s != "" && s == u.Name {
		p.b.WriteString(" " + s)
	} else if u.Name != u.Path || s != "" {
		p.b.WriteString(" " + ident(u.Name))
		if s != "" {
			p.b.WriteString(" " + s)
		}
	}
	p.b.WriteString("\n")
	for _, s := range slices.Sorted(maps.Keys(p.short)) {
		if s != u.Path {
			fmt.Fprintf(&p.b, "import %s", path(s))
			if p.short[s] != shortName(s) {
				p.b.WriteString(" " + p.short[s])
			}
			p.b.WriteByte('\n')
		}
	}
	for _, f := range u.Files {
		fmt.Fprintf(&p.b, "file %s\n", strconv.Quote(f))
	}
	for _, t := range u.Types {
		if p.declared(t) {
			p.declare(t)
		}
	}
	for _, class := range p.order {
		fmt.Fprintf(&p.b, "var %s", p.name(class))
		if t := p.vars[class]; isPointerTo(t) {
			p.b.WriteString(" " + p.typ(t.Elem))
		}
		p.b.WriteString("\n")
	}
	for _, a := range u.Args {
		fmt.Fprintf(&p.b, "typearg %q %q\n", a.Param, a.Arg)
	}
	for i := range u.Boxed {
		p.boxed(&u.Boxed[i])
	}
}

func isPointerTo(t *effects.Type) bool {
	return t != nil && looksLike(t, &effects.Type{Kind: effects.Pointer, Elem: t.Elem})
}

// wide is the length of a line from which on the fields of a struct have lines of their own.
const wide = 100

func (p *printer) declare(t *effects.Type) {
	name, body := p.typeName(t), p.underlying(t)
	if t.Kind == effects.Struct && len(t.Fields) > 0 && len(name)+len(body) > wide {
		marks := body[strings.LastIndexByte(body, '}')+1:]
		body = "struct {\n\t" + strings.Join(p.fields(t), "\n\t") + "\n}" + marks
	}
	fmt.Fprintf(&p.b, "type %s %s", name, body)
	if t.Pkg != pathOf(t.Name) {
		fmt.Fprintf(&p.b, " !in %s", path(t.Pkg))
	}
	p.b.WriteByte('\n')
}

func (p *printer) function(f *effects.Func) {
	p.f = f
	p.nameValues()
	p.signature()
	g := f.OrderedPreds()
	if p.explicit {
		for v := effects.V(len(f.Params) + len(f.Free) + 1); v < f.First; v++ {
			p.instr(v)
		}
	}
	for b := range f.Blocks {
		p.label(int32(b), g[b])
		for v := f.Blocks[b].First; v <= f.Blocks[b].Last; v++ {
			p.instr(v)
		}
	}
	p.b.WriteString("}\n")
}

func (p *printer) label(b int32, guess []int32) {
	f := p.f
	fmt.Fprintf(&p.b, "b%d:", b)
	if f.Recover == int(b) {
		p.b.WriteString(" !recover")
	}
	if preds := f.Blocks[b].Preds; len(preds) > 1 || !slices.Equal(preds, guess) {
		p.b.WriteString(" from")
		for _, x := range preds {
			fmt.Fprintf(&p.b, " b%d", x)
		}
	}
	p.b.WriteByte('\n')
}

// signature prints the first line of a function.
func (p *printer) signature() {
	f := p.f
	start := p.b.Len()
	params := make([]string, len(f.Params))
	for i, v := range f.Params {
		params[i] = p.param(v)
	}
	p.b.WriteString("func ")
	if f.Recv && len(params) > 0 {
		fmt.Fprintf(&p.b, "(%s) ", params[0])
		params = params[1:]
	}
	if name, ok := p.funcs[f]; ok {
		p.b.WriteString(name)
	} else {
		p.b.WriteString(p.name(f.Name))
	}
	fmt.Fprintf(&p.b, "(%s)", strings.Join(params, ", "))
	switch len(f.Results) {
	case 0:
	case 1:
		p.b.WriteString(" " + p.typ(f.Results[0]))
	default:
		p.b.WriteString(" " + p.tuple(f.Results))
	}
	if len(f.Free) > 0 {
		free := make([]string, len(f.Free))
		for i, v := range f.Free {
			free[i] = p.param(v)
			if in := f.At(v); in.Class != guessClass(f, v) {
				if in.Type == nil {
					free[i] += " _"
				}
				free[i] += " " + p.class(in.Class)
			}
		}
		fmt.Fprintf(&p.b, " captures(%s)", strings.Join(free, ", "))
	}
	p.attributes()
	p.b.WriteString(" {")
	p.pad(start)
	p.b.WriteString("; " + p.headPosition() + "\n")
}

// param prints a parameter or captured variable.
func (p *printer) param(v effects.V) string {
	in := p.f.At(v)
	s := p.text[v]
	if s != in.Sym {
		if s = fmt.Sprintf("%s=%q", p.text[v], in.Sym); in.Sym == "_" && !p.used[v] {
			s = "_"
		}
	}
	if in.Type != nil {
		s += " " + p.typ(in.Type)
	}
	return s
}

func (p *printer) attributes() {
	f := p.f
	say := func(yes bool, s string) {
		if yes {
			p.b.WriteString(" !" + s)
		}
	}
	parent := ""
	if f.Parent != nil {
		parent = f.Parent.Name
	}
	if (guessParent(f.Name) != parent || p.parent(f) != f.Parent) && f.Parent == nil {
		say(true, "declared")
	} else if f.Parent != nil && (guessParent(f.Name) != parent || p.parent(f) != f.Parent) {
		if name, ok := p.funcs[f.Parent]; ok {
			say(true, "inside "+name)
		}
	}
	say(f.Recv && len(f.Params) == 0, "receives")
	say(f.Wrapper, "wrapper")
	say(f.Made, "made")
	say(f.Test, "test")
	say(f.Generic, "generic")
	say(f.Recovers, "recovers")
	say(f.Exported && !guessExported(f), "exported")
	say(!f.Exported && guessExported(f), "unexported")
	say(f.Key != guessKey(f), "key "+strconv.Quote(f.Key))
	say(f.Build != "", "build "+strconv.Quote(f.Build))
}

// parent returns the function that the text form takes for the one around a function, by its name: the last of it before.
func (n *names) parent(f *effects.Func) *effects.Func {
	name := guessParent(f.Name)
	if name == "" {
		return nil
	}
	var found *effects.Func
	for _, g := range n.unit.Funcs {
		if g == f {
			break
		}
		if g.Name == name {
			found = g
		}
	}
	return found
}

// headPosition returns the positions of a function, where it ends, and of its parameters.
func (p *printer) headPosition() string {
	f := p.f
	if !f.Pos.IsValid() {
		return "-"
	}
	s := p.file(f.Pos.File) + place(f.Pos)
	if f.End.IsValid() && f.End.File == f.Pos.File {
		s += "-" + place(f.End)
	}
	var ps []string
	for _, v := range slices.Concat(f.Params, f.Free) {
		at := "-"
		if pos := f.At(v).Pos; pos.IsValid() && pos.File == f.Pos.File {
			at = place(pos)
		}
		ps = append(ps, at)
	}
	for len(ps) > 0 && ps[len(ps)-1] == "-" {
		ps = ps[:len(ps)-1]
	}
	if len(ps) > 0 {
		s += " " + strings.Join(ps, " ")
	}
	return s
}

func place(pos effects.Pos) string { return fmt.Sprintf("%d:%d", pos.Line, pos.Col) }

// file returns the name of a file, with a colon behind it.
func (p *printer) file(i int32) string {
	name := "?"
	if int(i) < len(p.unit.Files) {
		name = p.unit.Files[i]
		if b := base(name); p.bases[b] == 1 {
			name = b
		}
	}
	if name == "" || strings.ContainsAny(name, "\n\r\"") || strings.TrimSpace(name) != name {
		name = strconv.Quote(name)
	}
	return name + ":"
}

// column is where positions are printed.
const column = 60

func (p *printer) pad(start int) {
	s := p.b.String()[start:]
	width := utf8.RuneCountInString(s) + 3*strings.Count(s, "\t")
	for p.b.WriteByte(' '); width+1 < column; width++ {
		p.b.WriteByte(' ')
	}
}

// instr prints an instruction.
func (p *printer) instr(v effects.V) {
	in := p.f.At(v)
	start := p.b.Len()
	p.b.WriteByte('\t')
	guess := guessType(p.f, v)
	same := looksLike(in.Type, guess)
	if p.used[v] || !same || in.Op.Leaf() {
		p.b.WriteString(p.text[v] + " ")
		if !same {
			p.b.WriteString(p.typ(in.Type) + " ")
		}
		p.b.WriteString("= ")
	}
	switch in.How {
	case effects.Deferred:
		p.b.WriteString("defer ")
	case effects.Started:
		p.b.WriteString("go ")
	}
	p.b.WriteString(in.Op.String())
	p.flags(v)
	left := p.operation(v)
	p.trailers(v, left)
	if in.Pos.IsValid() {
		p.pad(start)
		p.b.WriteString("; ")
		if in.Pos.File != p.f.Pos.File || !p.f.Pos.IsValid() {
			p.b.WriteString(p.file(in.Pos.File))
		}
		p.b.WriteString(place(in.Pos))
	}
	p.b.WriteByte('\n')
}

// flags prints those that are not implied.
func (p *printer) flags(v effects.V) {
	in := p.f.At(v)
	implied := guessFlags(p.f, v)
	if p.callsValue(in) {
		implied |= effects.Dynamic
	}
	for i, w := range flagWords {
		switch fl := effects.Flags(1 << i); {
		case in.Flags&fl != 0 && implied&fl == 0:
			p.b.WriteString("." + w)
		case in.Flags&fl == 0 && implied&fl != 0:
			p.b.WriteString(".no" + w)
		}
	}
}

// callsValue reports whether a call is printed as one of a value.
func (p *printer) callsValue(in *effects.Instr) bool {
	return in.Op == effects.Call && in.Flags&effects.Dynamic != 0 && len(in.Args) > 0 && p.plain(in.Args[0]) && in.Fn == nil && in.Sym == "" && in.Class == ""
}

// unsaid is what the text of an operation does not tell.
type unsaid struct {
	sym, class string
	fn         *effects.Func
	index      int32
	callee     bool // fn, class and sym are those of a function that is called
}

// operation prints the operands of an instruction, and what its operation tells beside.
func (p *printer) operation(v effects.V) unsaid {
	in := p.f.At(v)
	left := unsaid{in.Sym, in.Class, in.Fn, in.Index, false}
	switch in.Op {
	case effects.Const, effects.Opaque, effects.Global, effects.FuncOf, effects.Alloc, effects.Field, effects.FieldOf, effects.Compare, effects.Extract, effects.Closure:
		return p.named(v, left)
	case effects.Call, effects.Known:
		if p.callsValue(in) {
			p.b.WriteString(" " + p.operand(in.Args[0]))
			p.list(in.Args[1:])
			return left
		}
		p.b.WriteString(" " + p.callee(in.Fn, in.Class, in.Sym))
		p.list(in.Args)
		return unsaid{index: in.Index}
	case effects.Invoke:
		p.b.WriteString(" ")
		args := in.Args
		if len(args) > 0 && p.plain(args[0]) {
			p.b.WriteString(p.operand(args[0]))
			args = args[1:]
		} else {
			p.b.WriteString("_")
		}
		p.b.WriteString("." + ident(in.Sym))
		p.list(args)
		left.sym, left.class = "", p.unlessGuessed(v)
		return left
	case effects.Builtin, effects.Atomic:
		p.b.WriteString(" " + ident(in.Sym))
		p.list(in.Args)
		left.sym = ""
		if in.Op == effects.Atomic {
			left.class = p.unlessGuessed(v)
		}
		return left
	case effects.Select:
		if len(in.Args)%2 == 0 {
			p.cases(in.Args)
			return left
		}
	case effects.If, effects.Jump:
		p.operands(in.Args)
		for _, s := range p.succs(in) {
			fmt.Fprintf(&p.b, " b%d", s)
		}
		return left
	}
	p.operands(in.Args)
	if in.Op.Sync() {
		pkg, key := guessCallee(p.f, v)
		left.callee = true
		if local(p.f, in.Fn) == nil && pkg == in.Class && key == in.Sym {
			return unsaid{index: in.Index}
		}
	}
	return left
}

// unlessGuessed returns what is to be said of the class, "-" if it is empty but would be taken for something else.
func (p *printer) unlessGuessed(v effects.V) string {
	switch c := p.f.At(v).Class; {
	case c == guessClass(p.f, v):
		return ""
	case c == "":
		return "-"
	default:
		return c
	}
}

// plain reports whether the text of a value is one word.
func (p *printer) plain(v effects.V) bool {
	return v > 0 && int(v) < len(p.text) && (!p.f.Op(v).Leaf() || p.explicit || p.f.Op(v) == effects.Param || p.f.Op(v) == effects.Free)
}

func (p *printer) succs(in *effects.Instr) []int32 {
	if in.Block < 0 || int(in.Block) >= len(p.f.Blocks) {
		return nil
	}
	return p.f.Blocks[in.Block].Succs
}

// quoted reports whether the text of a value begins with a quote.
func (p *printer) quoted(v effects.V) bool {
	return v > 0 && int(v) < len(p.text) && strings.HasPrefix(p.text[v], `"`)
}

// named prints operations that have names of their own in a certain place.
func (p *printer) named(v effects.V, left unsaid) unsaid {
	in := p.f.At(v)
	switch in.Op {
	case effects.Const:
		p.b.WriteString(" " + constWord(in.Sym))
		left.sym = ""
	case effects.Global:
		p.b.WriteString(" " + p.name(in.Class))
		if in.Sym == baseName(in.Class) {
			left.sym = ""
		} else if left.sym == "" {
			left.sym = "-"
		}
		left.class = ""
	case effects.FuncOf:
		p.b.WriteString(" " + p.callee(in.Fn, in.Class, in.Sym))
		left = unsaid{index: in.Index}
	case effects.Closure:
		if name, ok := p.funcs[in.Fn]; ok {
			p.b.WriteString(" " + name)
			left.fn = nil
		} else {
			p.b.WriteString(" _")
			if in.Fn != nil && in.Fn.Unit != nil && in.Sym == "" {
				left.class, left.sym = in.Fn.Unit.Path, in.Fn.Name
			}
			left.callee = left.sym != ""
		}
		p.list(in.Args)
		return left
	case effects.Opaque:
		if in.Sym != "" || len(in.Args) > 0 && p.quoted(in.Args[0]) {
			p.b.WriteString(" " + strconv.Quote(in.Sym))
		}
		left.sym = ""
	case effects.Alloc:
		guess := guessClass(p.f, v)
		if in.Sym != "" || in.Class != guess {
			p.b.WriteString(" " + fieldName(in.Sym))
		}
		if in.Class != guess {
			p.b.WriteString(" " + p.class(in.Class))
		}
		left.sym, left.class = "", ""
	case effects.Field, effects.FieldOf:
		p.operands(in.Args)
		p.b.WriteString(" " + fieldName(in.Sym))
		if in.Class != "" || guessClass(p.f, v) != "" {
			p.b.WriteString(" " + p.class(in.Class))
		}
		left.sym, left.class = "", ""
		return left
	case effects.Compare:
		if len(in.Args) == 2 {
			op := in.Sym
			if !slices.Contains(compares, op) {
				op = strconv.Quote(op)
			}
			fmt.Fprintf(&p.b, " %s %s %s", p.operand(in.Args[0]), op, p.operand(in.Args[1]))
			left.sym = ""
			return left
		}
	case effects.Extract:
		p.operands(in.Args)
		fmt.Fprintf(&p.b, " %d", in.Index)
		left.index = 0
		return left
	}
	p.operands(in.Args)
	return left
}

var compares = []string{"==", "!=", "<", "<=", ">", ">="}

// class returns a class, or another name with dots in it.
func (p *printer) class(c string) string {
	if c == "" {
		return `""`
	}
	if s := p.name(c); s[0] != '@' {
		return s
	}
	return strconv.Quote(c)
}

func (p *printer) cases(args []effects.V) {
	for i := 0; i < len(args); i += 2 {
		if i > 0 {
			p.b.WriteByte(',')
		}
		if args[i+1] == 0 {
			p.b.WriteString(" <- " + p.operand(args[i]))
			continue
		}
		p.b.WriteString(" " + p.operand(args[i]) + " <- " + p.operand(args[i+1]))
	}
}

func (p *printer) operands(args []effects.V) {
	for _, a := range args {
		p.b.WriteString(" " + p.operand(a))
	}
}

func (p *printer) list(args []effects.V) {
	p.b.WriteByte('(')
	for i, a := range args {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.b.WriteString(p.operand(a))
	}
	p.b.WriteByte(')')
}

// trailers prints what stands behind the operands.
func (p *printer) trailers(v effects.V, left unsaid) {
	f := p.f
	if fn := local(f, left.fn); left.callee || fn != nil {
		pkg, key := left.class, left.sym
		if !left.callee {
			pkg, key = p.unit.Path, fn.CalleeKey()
		} else {
			left.class, left.sym = "", ""
		}
		fmt.Fprintf(&p.b, " by(%s)", p.callee(fn, pkg, key))
	}
	if left.sym != "" {
		fmt.Fprintf(&p.b, " sym(%q)", strings.TrimPrefix(left.sym, "-"))
	}
	if left.class != "" {
		fmt.Fprintf(&p.b, " class(%s)", p.class(strings.TrimPrefix(left.class, "-")))
	}
	if left.index != 0 {
		fmt.Fprintf(&p.b, " index(%d)", left.index)
	}
	p.callbacks(v)
	for i, t := range f.Targets[v] {
		if i == 0 {
			p.b.WriteString(" ->")
		}
		key, pkg := t.Key, ""
		if t.Unit != nil {
			pkg = t.Unit.Path
		}
		switch {
		case local(f, t) != nil:
			key = t.CalleeKey()
		case key == "":
			key = t.Name
		}
		p.b.WriteString(" " + p.callee(t, pkg, key))
	}
}

func (p *printer) callbacks(v effects.V) {
	cs := p.f.Callbacks[v]
	if slices.Equal(cs, guessCallbacks(p.f, v)) {
		return
	}
	if len(cs) == 0 {
		p.b.WriteString(" calls()")
		return
	}
	for i, c := range cs {
		word := "calls("
		if c.Started {
			word = "starts("
		}
		switch {
		case i == 0:
			p.b.WriteString(" " + word)
		case cs[i-1].Started != c.Started:
			p.b.WriteString(") " + word)
		default:
			p.b.WriteString(", ")
		}
		p.callback(v, c)
	}
	p.b.WriteByte(')')
}

func (p *printer) callback(v effects.V, c effects.Callback) {
	sep := ""
	if c.Arg != v {
		p.b.WriteString(p.operand(c.Arg))
		sep = " "
	}
	fn, pkg, key := guessMethod(p.f, v, c, p.keyed)
	told := local(p.f, c.Fn) != fn || c.Pkg != pkg || c.Key != key
	if c.Arg == v || c.Method != "" || told {
		p.b.WriteString(sep + "." + fieldName(c.Method))
	}
	if told {
		p.b.WriteString(" " + p.callee(c.Fn, c.Pkg, c.Key))
	}
	if c.Recv != guessRecv(p.f, c) {
		p.b.WriteString(" on " + p.operand(c.Recv))
	}
}
