package text

import (
	"errors"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// Parse reads the text of a unit. Much may be left out, see the documentation of the package.
func Parse(src string) (u *effects.Unit, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*errorAt)
			if !ok {
				panic(r)
			}
			u, err = nil, e
		}
	}()
	p := &parser{toks: lex(src), names: names{met: map[string]bool{}, long: map[string]string{}, short: map[string]string{}}, unit: &effects.Unit{}, types: map[string]*effects.Type{}, funcs: map[string]*body{}, vars: map[string]*effects.Type{}, seen: map[*effects.Type]int{}, stubs: map[[2]string]*effects.Func{}}
	p.names.unit = p.unit
	p.top()
	if len(p.bodies) == 0 {
		return nil, errors.New("no functions")
	}
	for _, b := range p.bodies {
		p.parent(b)
	}
	p.keyed = byKey(p.unit)
	for _, b := range p.bodies {
		p.body(b)
	}
	for _, b := range p.bodies {
		b.assemble()
	}
	for _, b := range p.bodies {
		p.finish(b)
	}
	p.methods()
	p.number()
	return p.unit, nil
}

// A parser reads a unit.
type parser struct {
	toks   []token
	i      int
	names  names
	unit   *effects.Unit
	types  map[string]*effects.Type // by name as written, and unnamed ones by their text
	order  []*effects.Type          // declared, in order
	funcs  map[string]*body         // by name as written, and without package
	bodies []*body
	vars   map[string]*effects.Type // class of a package variable -> type of its address
	seen   map[*effects.Type]int    // what types are made of -> number
	stubs  map[[2]string]*effects.Func
	keyed  map[string]*effects.Func
	begun  bool // the path of the unit is known
	depth  int  // of types in types
}

// A body is a function that is read.
type body struct {
	*effects.Func
	first    token // of the head
	from     int   // where the instructions start
	inside   string
	declared bool // it is said to be no literal
	exported string
	key      *string
	placed   bool // the head has a position: instructions without have none

	values map[string]effects.V // operands are numbers of leaves, or minus the places of instructions, counted from one, until all leaves are known
	consts map[constant]effects.V
	leaves []parsed
	instrs []parsed
	blocks []parsedBlock
	labels map[string]int32
}

// A constant is one as it is written.
type constant struct {
	sym   string
	count int64 // of those that are written the same
	typ   *effects.Type
}

// parsed is an instruction, and what was said of it.
type parsed struct {
	effects.Instr
	line      int
	typed     bool
	classed   bool // also the function that is called
	called    bool // callbacks are told
	yes, no   effects.Flags
	callbacks []effects.Callback
	received  []bool // of callbacks: what the method is called on is told
	named     []bool // of callbacks: the function that is the method is told
	targets   []*effects.Func
	labels    []token // of If and Jump
}

type parsedBlock struct {
	first int // instruction
	line  int
	from  []token
	told  bool // the predecessors are told
}

func (p *parser) peek() token { return p.toks[p.i] }

// ahead returns a token behind the next.
func (p *parser) ahead(n int) token { return p.toks[min(p.i+n, len(p.toks)-1)] }

func (p *parser) next() token {
	t := p.toks[p.i]
	if p.i < len(p.toks)-1 {
		p.i++
	}
	return t
}

func (p *parser) fail(format string, args ...any) { fail(p.peek().line, format, args...) }

// is reports whether the next token is a special one.
func (p *parser) is(s string) bool { return p.peek().kind == aSpecial && p.peek().text == s }

func (p *parser) isWord(s string) bool { return p.peek().kind == aWord && p.peek().text == s }

// accept takes a special token if it is the next.
func (p *parser) accept(s string) bool {
	if p.is(s) {
		p.i++
		return true
	}
	return false
}

func (p *parser) expect(s string) {
	if !p.accept(s) {
		p.fail("%q expected, not %s", s, p.peek())
	}
}

// word takes a word.
func (p *parser) word(what string) string {
	if p.peek().kind != aWord {
		p.fail("%s expected, not %s", what, p.peek())
	}
	return p.next().text
}

// text takes a word or a string.
func (p *parser) text(what string) string {
	if p.peek().kind == aString {
		return p.unquote()
	}
	return p.word(what)
}

func (p *parser) unquote() string {
	s, err := strconv.Unquote(p.peek().text)
	if err != nil || p.peek().kind != aString {
		p.fail("string expected, not %s", p.peek())
	}
	p.i++
	return s
}

func (p *parser) int() int64 {
	n, err := strconv.ParseInt(p.peek().text, 10, 64)
	if p.peek().kind != aNumber || err != nil {
		p.fail("number expected, not %s", p.peek())
	}
	p.i++
	return n
}

// line takes the end of a line.
func (p *parser) line() {
	switch p.peek().kind {
	case newline:
		p.i++
	case endOfText:
	default:
		p.fail("unexpected %s", p.peek())
	}
}

// name takes the name of something of a package, and returns it as it is written and in full.
func (p *parser) name(what string) (written, full string) {
	if p.accept("@") {
		full = p.unquote()
		written = "@" + strconv.Quote(full)
		if p.accept("~") {
			written += "~" + strconv.FormatInt(p.int(), 10)
		}
		return written, full
	}
	written = p.word(what)
	full, _, _ = strings.Cut(written, "~")
	return written, p.names.expand(full)
}

// top reads what stands outside of functions, and the heads of functions.
func (p *parser) top() {
	for p.peek().kind != endOfText {
		t := p.peek()
		if t.kind == newline {
			p.i++
			continue
		}
		if t.kind != aWord {
			p.fail("unit, import, file, type, var, typearg, boxed or func expected, not %s", t)
		}
		p.i++
		switch t.text {
		case "unit":
			p.unitLine(t)
		case "import":
			path := p.text("import path")
			short := shortName(path)
			if p.peek().kind != newline {
				short = p.word("name")
			}
			p.abbreviation(path, short)
		case "file":
			p.unit.Files = append(p.unit.Files, p.unquote())
		case "type":
			p.typeLine()
		case "var":
			_, class := p.name("name of a variable")
			if p.peek().kind != newline {
				p.vars[class] = p.intern(&effects.Type{Kind: effects.Pointer, Elem: p.typ()})
			}
		case "typearg":
			param := p.unquote()
			p.unit.Args = append(p.unit.Args, effects.TypeArg{Param: param, Arg: p.unquote()})
		case "boxed":
			p.boxed()
		case "func":
			p.head(t)
			continue
		default:
			fail(t.line, "unit, import, file, type, var, typearg, boxed or func expected, not %s", t)
		}
		p.line()
	}
}

func (p *parser) unitLine(t token) {
	if p.begun {
		fail(t.line, "the unit is named behind its functions, or again")
	}
	p.begun = true
	u := p.unit
	u.Path = p.text("import path")
	u.Name = u.Path
	slashes := strings.Contains(u.Path, "/")
	short := ""
	if slashes {
		u.Name = shortName(u.Path)
		short = u.Name
	}
	if p.peek().kind != newline {
		u.Name = p.text("name")
		if shortable(u.Name) {
			short = u.Name
		}
	}
	if p.peek().kind != newline {
		short = p.word("name")
	}
	if slashes {
		p.abbreviation(u.Path, short)
	}
}

// abbreviation says how the text writes an import path.
func (p *parser) abbreviation(path, short string) {
	if !shortable(short) {
		p.fail("%s cannot stand for an import path", short)
	}
	if p.names.long[short] != "" && p.names.long[short] != path {
		p.fail("%s stands for two import paths", short)
	}
	p.names.long[short], p.names.short[path] = path, short
}

// head reads the first line of a function, and skips its instructions.
func (p *parser) head(first token) {
	f := &effects.Func{Unit: p.unit, Recover: -1}
	b := &body{Func: f, first: first, values: map[string]effects.V{}, consts: map[constant]effects.V{}, labels: map[string]int32{}}
	if p.is("(") {
		p.i++
		p.param(b, effects.Param)
		p.expect(")")
		f.Recv = true
	}
	written, full := p.name("name of a function")
	p.begin(full)
	if !strings.HasPrefix(full, p.unit.Path+".") && written[0] != '@' {
		full = p.unit.Path + "." + full
	}
	f.Name = full
	p.expect("(")
	p.params(b, effects.Param)
	if !p.is("{") && p.peek().kind != aMark && !p.captures() {
		if t := p.typ(); t != nil && t.Kind == effects.Tuple && t.Name == "" {
			f.Results = t.Results
		} else {
			f.Results = []*effects.Type{t}
		}
	}
	if p.captures() {
		p.i += 2
		p.params(b, effects.Free)
	}
	for p.peek().kind == aMark {
		p.attribute(b)
	}
	p.expect("{")
	p.headPosition(b)
	if !p.is("}") {
		p.line()
	}
	b.from = p.i
	p.skip(b)
	for _, name := range []string{written, strings.TrimPrefix(full, p.unit.Path+".")} {
		if old := p.funcs[name]; old != nil && old != b && name == written {
			fail(first.line, "there are two functions %s: number them %s~2, ...", written, written)
		} else if old == nil {
			p.funcs[name] = b
		}
	}
	p.unit.Funcs = append(p.unit.Funcs, f)
	p.bodies = append(p.bodies, b)
}

// begin names the unit after its first function if it has no name.
func (p *parser) begin(full string) {
	if p.begun {
		return
	}
	p.begun = true
	p.unit.Path = pathOf(full)
	if p.unit.Path == "" {
		p.unit.Path = "t"
	}
	p.unit.Name = shortName(p.unit.Path)
	if strings.Contains(p.unit.Path, "/") {
		p.abbreviation(p.unit.Path, p.unit.Name)
	}
}

func (p *parser) captures() bool {
	return p.isWord("captures") && p.ahead(1).text == "(" && p.ahead(1).kind == aSpecial
}

func (p *parser) params(b *body, op effects.Op) {
	for !p.accept(")") {
		p.param(b, op)
		if !p.is(")") {
			p.expect(",")
		}
	}
}

// param reads a parameter or captured variable.
func (p *parser) param(b *body, op effects.Op) {
	name := p.word("name of a parameter")
	in := effects.Instr{Op: op, Sym: name}
	if p.accept("=") {
		in.Sym = p.unquote()
	}
	if !p.is(",") && !p.is(")") && p.peek().kind != aString {
		in.Type = p.typ()
	}
	v := effects.V(len(b.leaves) + 1)
	if name == "_" {
		name = "v" + strconv.Itoa(int(v))
	}
	if b.values[name] != 0 || strings.Contains(name, ".") {
		p.fail("%s cannot name another value", name)
	}
	b.values[name] = v
	leaf := parsed{Instr: in, typed: true, classed: true, line: p.peek().line}
	if op == effects.Param {
		b.Params = append(b.Params, v)
	} else {
		b.Free = append(b.Free, v)
		if leaf.classed = !p.is(",") && !p.is(")"); leaf.classed {
			leaf.Class = p.class()
		}
	}
	b.leaves = append(b.leaves, leaf)
}

// attribute reads what a mark says of a function.
func (p *parser) attribute(b *body) {
	t := p.next()
	switch t.text {
	case "inside":
		b.inside, _ = p.name("name of a function")
	case "declared":
		b.declared = true
	case "receives":
		b.Recv = true
	case "wrapper":
		b.Wrapper = true
	case "made":
		b.Made = true
	case "test":
		b.Test = true
	case "generic":
		b.Generic = true
	case "recovers":
		b.Recovers = true
	case "exported", "unexported":
		b.exported = t.text
	case "key":
		s := p.unquote()
		b.key = &s
	case "build":
		b.Build = p.unquote()
	default:
		fail(t.line, "unknown mark !%s of a function", t.text)
	}
}

// skip goes behind the instructions of a function.
func (p *parser) skip(b *body) {
	for start := true; ; start = p.toks[p.i-1].kind == newline {
		switch t := p.peek(); {
		case t.kind == endOfText:
			fail(b.first.line, "%s has no end", b.Name)
		case start && p.is("}"):
			if !b.End.IsValid() && !b.placed {
				b.End = effects.Pos{File: b.Pos.File, Line: int32(t.line), Col: 1}
			}
			p.i++
			p.line()
			return
		}
		p.i++
	}
}

// parent finds the function around a literal, and what importers see of it.
func (p *parser) parent(b *body) {
	f := b.Func
	var around *body
	switch {
	case b.inside != "":
		if around = p.funcs[b.inside]; around == nil {
			fail(b.first.line, "there is no function %s", b.inside)
		}
	case !b.declared:
		if name := guessParent(f.Name); name != "" {
			for _, o := range p.bodies {
				if o == b {
					break
				}
				if o.Name == name {
					around = o
				}
			}
		}
	}
	if around != nil {
		for o := around.Func; o != nil; o = o.Parent {
			if o == f {
				fail(b.first.line, "%s is inside itself", f.Name)
			}
		}
		f.Parent = around.Func
		around.Literals = append(around.Literals, f)
	}
	f.Exported = b.exported == "exported" || b.exported == "" && guessExported(f)
	if f.Key = guessKey(f); b.key != nil {
		f.Key = *b.key
	}
}

// callee reads the name of a function: of the unit, else the key of another.
func (p *parser) callee() (fn *effects.Func, pkg, key string) {
	written, full := p.name("name of a function")
	b := p.funcs[written]
	if b == nil && written[0] != '@' && !strings.Contains(written, ".") {
		p.fail("there is no function or value %s", written)
	}
	if b != nil {
		fn, pkg, key = b.Func, p.unit.Path, b.CalleeKey()
	} else {
		pkg, key = pathOf(full), full
	}
	if p.peek().kind == aMark && p.peek().text == "key" {
		p.i++
		key = p.unquote()
	}
	if p.peek().kind == aMark && p.peek().text == "in" {
		p.i++
		pkg = p.text("import path")
	}
	return fn, pkg, key
}

// class reads a class.
func (p *parser) class() string {
	if p.peek().kind == aString {
		return p.unquote()
	}
	return p.names.expand(p.word("class"))
}

// number gives the types of the unit their numbers.
func (p *parser) number() {
	n := numbering{p.unit, map[*effects.Type]bool{}}
	for _, t := range p.order {
		n.add(t)
	}
	for _, t := range p.order {
		n.parts(t)
	}
	for _, b := range p.unit.Boxed {
		n.deep(b.Type)
	}
	for _, f := range p.unit.Funcs {
		n.function(f)
	}
}

// A numbering collects the types of a unit.
type numbering struct {
	unit *effects.Unit
	met  map[*effects.Type]bool
}

func (n *numbering) add(t *effects.Type) bool {
	if t == nil || n.met[t] {
		return false
	}
	n.met[t] = true
	t.ID = len(n.unit.Types)
	n.unit.Types = append(n.unit.Types, t)
	return true
}

// deep adds a type and what it is made of.
func (n *numbering) deep(t *effects.Type) {
	if n.add(t) {
		n.parts(t)
	}
}

func (n *numbering) parts(t *effects.Type) {
	n.deep(t.Elem)
	for i := range t.Fields {
		n.deep(t.Fields[i].Type)
	}
	for _, r := range t.Results {
		n.deep(r)
	}
}

func (n *numbering) function(f *effects.Func) {
	for _, t := range f.Results {
		n.deep(t)
	}
	for i := range f.Code {
		n.deep(f.Code[i].Type)
	}
}
