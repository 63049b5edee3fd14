package text

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// scan finds the names of the values of a function, which may be used before they are set.
func (p *parser) scan(b *body) {
	i, count, open := b.from, 0, false
	for !(p.toks[i].kind == aSpecial && p.toks[i].text == "}") {
		end := i
		set := -1
		for p.toks[end].kind != newline {
			if t := p.toks[end]; t.kind == aSpecial && t.text == "=" && set < 0 {
				set = end
			}
			end++
		}
		switch line := p.toks[i:end]; {
		case len(line) == 0 || line[0].kind == aPos:
		case isLabel(line):
			if open {
				count++ // a jump to the label
			}
			open = true
		default:
			op := opOf(line[max(set-i+1, 0):])
			if op.Leaf() {
				break
			}
			count++
			open = !op.Ends()
			if name := line[0]; set >= 0 && set > i {
				if name.kind != aWord || strings.Contains(name.text, ".") || name.text == "_" {
					fail(name.line, "%s cannot name a value", name)
				}
				if b.values[name.text] != 0 {
					fail(name.line, "%s names another value", name)
				}
				b.values[name.text] = effects.V(-count)
			}
		}
		i = end + 1
	}
}

func isLabel(line []token) bool {
	return len(line) > 1 && line[0].kind == aWord && line[1].kind == aSpecial && line[1].text == ":"
}

// opOf returns the operation that a part of a line is about.
func opOf(toks []token) effects.Op {
	for len(toks) > 1 && (toks[0].text == "defer" || toks[0].text == "go") {
		toks = toks[1:]
	}
	if len(toks) == 0 {
		return effects.None
	}
	w, _, _ := strings.Cut(toks[0].text, ".")
	return ops[w]
}

// body reads the instructions of a function.
func (p *parser) body(b *body) {
	p.scan(b)
	p.i = b.from
	if p.is("}") {
		p.block(b, p.peek().line)
	}
	for !p.is("}") {
		switch t := p.peek(); {
		case t.kind == newline:
			p.i++
		case isLabel(p.toks[p.i:]):
			p.label(b)
		default:
			p.statement(b)
		}
	}
	if len(b.blocks) == 0 {
		p.block(b, p.peek().line)
	}
	if !b.ended() {
		b.instrs = append(b.instrs, parsed{Instr: effects.Instr{Op: effects.Return}, line: p.peek().line})
	}
}

// ended reports whether the last block has ended.
func (b *body) ended() bool {
	n := len(b.instrs)
	return n > b.blocks[len(b.blocks)-1].first && b.instrs[n-1].Op.Ends()
}

// block begins a block.
func (p *parser) block(b *body, line int) {
	b.blocks = append(b.blocks, parsedBlock{first: len(b.instrs), line: line})
}

func (p *parser) label(b *body) {
	t := p.next()
	p.i++
	if len(b.blocks) > 0 && !b.ended() {
		b.instrs = append(b.instrs, parsed{Instr: effects.Instr{Op: effects.Jump}, line: t.line, labels: []token{t}})
	}
	if _, ok := b.labels[t.text]; ok {
		fail(t.line, "there are two blocks %s", t)
	}
	b.labels[t.text] = int32(len(b.blocks))
	p.block(b, t.line)
	bl := &b.blocks[len(b.blocks)-1]
	if p.peek().kind == aMark && p.peek().text == "recover" {
		p.i++
		b.Recover = len(b.blocks) - 1
	}
	if p.isWord("from") {
		bl.told = true
		for p.i++; p.peek().kind == aWord; {
			bl.from = append(bl.from, p.next())
		}
	}
	p.line()
}

// statement reads an instruction or the declaration of a leaf.
func (p *parser) statement(b *body) {
	in := parsed{line: p.peek().line}
	name := ""
	if p.sets() {
		name = p.word("value")
		if !p.is("=") {
			in.typed = true
			in.Type = p.typ()
		}
		p.expect("=")
	}
	p.operation(b, &in)
	switch {
	case in.Op.Leaf():
		p.declareLeaf(b, name, in)
	case len(b.blocks) == 0:
		p.block(b, in.line)
	case b.ended():
		fail(in.line, "an instruction behind the end of a block: a label is missing")
	}
	if !in.Op.Leaf() {
		v := effects.V(-len(b.instrs) - 1)
		p.operands(b, v, &in)
	}
	if p.peek().kind == aPos {
		t := p.next()
		in.Pos = p.position(t, t.text, b)
	} else if !b.placed {
		in.Pos = effects.Pos{File: b.Pos.File, Line: int32(in.line), Col: 1}
	}
	p.line()
	if !in.Op.Leaf() {
		b.instrs = append(b.instrs, in)
	} else if b.placed || in.Pos.Line != int32(in.line) {
		b.leaves[len(b.leaves)-1].Pos = in.Pos
	}
}

// sets reports whether there is an equals sign in the line.
func (p *parser) sets() bool {
	for i := p.i; p.toks[i].kind != newline; i++ {
		if p.toks[i].kind == aSpecial && p.toks[i].text == "=" {
			return i > p.i
		}
	}
	return false
}

// operation reads the word of an operation, with its flags, and when it is done.
func (p *parser) operation(b *body, in *parsed) {
	switch {
	case p.isWord("defer"):
		p.i++
		in.How = effects.Deferred
	case p.isWord("go"):
		p.i++
		in.How = effects.Started
	}
	t := p.next()
	if t.kind != aWord {
		fail(t.line, "operation expected, not %s", t)
	}
	word, rest, more := strings.Cut(t.text, ".")
	op, ok := ops[word]
	if !ok || op == effects.Param || op == effects.Free {
		fail(t.line, "unknown operation %s", word)
	}
	if in.How != effects.AtOnce && !op.Calls() && op != effects.Opaque && op != effects.Convert {
		fail(t.line, "%s is no call, and cannot be deferred or started", word)
	}
	in.Op = op
	for more {
		word, rest, more = strings.Cut(rest, ".")
		if i := slices.Index(flagWords[:], word); i >= 0 {
			in.yes |= 1 << i
		} else if i := slices.Index(flagWords[:], strings.TrimPrefix(word, "no")); i >= 0 {
			in.no |= 1 << i
		} else {
			fail(t.line, "unknown flag %s", word)
		}
	}
}

// declareLeaf reads what a constant, package variable or function that is declared is.
func (p *parser) declareLeaf(b *body, name string, in parsed) {
	if name == "" || strings.Contains(name, ".") || name == "_" || b.values[name] != 0 {
		fail(in.line, "a leaf needs a name of its own")
	}
	if len(b.instrs) > 0 || len(b.blocks) > 0 {
		fail(in.line, "%s stands behind instructions", in.Op)
	}
	switch in.Op {
	case effects.Const:
		in.Sym = p.constSym()
	case effects.Global:
		_, in.Class = p.name("name of a variable")
		in.Sym = baseName(in.Class)
		if !in.typed {
			in.Type, in.typed = p.vars[in.Class], true
		}
	case effects.FuncOf:
		in.Fn, in.Class, in.Sym = p.callee()
	}
	in.classed = true
	p.trailers(b, 0, &in)
	b.leaves = append(b.leaves, in)
	b.values[name] = effects.V(len(b.leaves))
}

// operands reads what follows the word of an instruction.
func (p *parser) operands(b *body, v effects.V, in *parsed) {
	line := p.peek().line
	switch in.Op {
	case effects.Call, effects.Known, effects.Closure:
		p.calls(b, in)
	case effects.Invoke:
		p.invoke(b, in)
	case effects.Builtin, effects.Atomic:
		in.Sym = p.text("name")
		p.list(b, in)
	case effects.Opaque:
		if p.peek().kind == aString {
			in.Sym = p.unquote()
		}
		p.rest(b, in)
	case effects.Alloc:
		if !p.trailer() {
			in.Sym = p.text("name of a variable")
			p.optionalClass(in)
		}
	case effects.Field, effects.FieldOf:
		in.Args = []effects.V{p.operand(b)}
		in.Sym = p.text("name of a field")
		p.optionalClass(in)
	case effects.Compare:
		in.Args = []effects.V{p.operand(b)}
		if in.Sym = p.peek().text; p.peek().kind == aString {
			in.Sym = p.unquote()
		} else if p.i++; !slices.Contains(compares, in.Sym) {
			fail(line, "%s compares nothing", in.Sym)
		}
		in.Args = append(in.Args, p.operand(b))
	case effects.Extract:
		in.Args = []effects.V{p.operand(b)}
		i := p.int()
		if i < 0 || i > 1<<20 {
			fail(line, "there is no result %d", i)
		}
		in.Index = int32(i)
	case effects.Select:
		p.cases(b, in)
	case effects.If:
		in.Args = []effects.V{p.operand(b)}
		in.labels = p.toks[p.i : p.i+2 : p.i+2]
		p.word("label")
		p.word("label")
	case effects.Jump:
		in.labels = p.toks[p.i : p.i+1 : p.i+1]
		p.word("label")
	default:
		p.rest(b, in)
	}
	if c, ok := counts[in.Op]; ok && (len(in.Args) < c[0] || len(in.Args) > c[1]) {
		fail(line, "%s has %d operands", in.Op, len(in.Args))
	}
	p.trailers(b, v, in)
}

// trailer reports whether the operands are at their end.
func (p *parser) trailer() bool {
	t, next := p.peek(), p.ahead(1)
	switch t.kind {
	case newline, aPos, endOfText:
		return true
	case aSpecial:
		return t.text == "->"
	case aWord:
		return slices.Contains(trailers, t.text) && next.kind == aSpecial && next.text == "(" && next.next
	}
	return false
}

var trailers = []string{"by", "sym", "class", "index", "calls", "starts"}

func (p *parser) rest(b *body, in *parsed) {
	for !p.trailer() {
		in.Args = append(in.Args, p.operand(b))
	}
}

func (p *parser) list(b *body, in *parsed) {
	p.expect("(")
	for !p.accept(")") {
		in.Args = append(in.Args, p.operand(b))
		if !p.is(")") {
			p.expect(",")
		}
	}
}

func (p *parser) optionalClass(in *parsed) {
	if !p.trailer() {
		in.classed = true
		in.Class = p.class()
	}
}

// calls reads the function and the operands of a call.
func (p *parser) calls(b *body, in *parsed) {
	in.classed = true
	w := p.peek().text
	v, value := b.values[w]
	switch word := p.peek().kind == aWord; {
	case in.Op == effects.Closure && p.isWord("_"):
		p.i++
	case in.Op == effects.Closure:
		line := p.peek().line
		if in.Fn, _, _ = p.callee(); in.Fn == nil {
			fail(line, "there is no function %s", w)
		}
	case in.Op == effects.Call && word && (value || w == "_"):
		p.i++
		in.yes |= effects.Dynamic &^ in.no
		in.Args = append(in.Args, v)
	default:
		in.Fn, in.Class, in.Sym = p.callee()
	}
	p.list(b, in)
}

func (p *parser) invoke(b *body, in *parsed) {
	line := p.peek().line
	w := p.word("value and method")
	i := strings.LastIndexByte(w, '.')
	if i < 0 {
		p.expect(".")
		in.Sym = p.unquote()
	} else {
		w, in.Sym = w[:i], w[i+1:]
	}
	if w != "_" {
		if b.values[w] == 0 {
			fail(line, "unknown value %s", w)
		}
		in.Args = []effects.V{b.values[w]}
	}
	p.list(b, in)
}

func (p *parser) cases(b *body, in *parsed) {
	for !p.trailer() {
		if len(in.Args) > 0 {
			p.expect(",")
		}
		if p.accept("<-") {
			in.Args = append(in.Args, p.operand(b), 0)
			continue
		}
		in.Args = append(in.Args, p.operand(b))
		p.expect("<-")
		in.Args = append(in.Args, p.operand(b))
	}
}

// operand reads a value.
func (p *parser) operand(b *body) effects.V {
	t := p.peek()
	switch {
	case t.kind == aNumber, t.kind == aString, p.is("#"):
		return p.constant(b)
	case p.is("&"):
		p.i++
		_, class := p.name("name of a variable")
		return p.leaf(b, constant{sym: "&" + class}, effects.Instr{Op: effects.Global, Sym: baseName(class), Class: class, Type: p.vars[class]})
	case t.kind == aWord && t.text == "_":
		p.i++
		return 0
	case t.kind == aWord && b.values[t.text] != 0:
		p.i++
		return b.values[t.text]
	case t.kind == aWord && isConst(t.text):
		return p.constant(b)
	case t.kind == aWord && !strings.Contains(t.text, ".") && p.funcs[t.text] == nil:
		p.fail("unknown value %s", t)
	case t.kind == aWord, p.is("@"):
		fn, pkg, key := p.callee()
		id := "func " + pkg + " " + key
		if fn != nil {
			id = "func " + strconv.Itoa(slices.Index(p.unit.Funcs, fn)) + " " + key
		}
		return p.leaf(b, constant{sym: id}, effects.Instr{Op: effects.FuncOf, Fn: fn, Class: pkg, Sym: key})
	}
	p.fail("value expected, not %s", t)
	return 0
}

func isConst(w string) bool {
	w, _, _ = strings.Cut(w, "~")
	return untyped(w) || w == "true" || w == "false"
}

// leaf returns a package variable or function that is an operand.
func (p *parser) leaf(b *body, id constant, in effects.Instr) effects.V {
	typed := in.Op == effects.Global
	if p.accept(":") {
		in.Type = p.typ()
		typed = true
		id.typ = in.Type
	}
	return b.leaf(id, parsed{Instr: in, typed: typed, classed: true})
}

func (b *body) leaf(id constant, in parsed) effects.V {
	v := b.consts[id]
	if v == 0 {
		b.leaves = append(b.leaves, in)
		v = effects.V(len(b.leaves))
		b.consts[id] = v
	}
	return v
}

// constSym reads a constant without type.
func (p *parser) constSym() string {
	switch t := p.peek(); {
	case p.accept("#"):
		return p.unquote()
	case t.kind == aNumber, t.kind == aString, t.kind == aWord && isConst(t.text):
		p.i++
		return t.text
	}
	p.fail("constant expected, not %s", p.peek())
	return ""
}

// constant reads a constant that is an operand.
func (p *parser) constant(b *body) effects.V {
	sym := p.constSym()
	id := constant{sym: sym, count: 1}
	if word, n, ok := strings.Cut(sym, "~"); ok && isConst(sym) {
		id.sym = word
		id.count, _ = strconv.ParseInt(n, 10, 64)
	} else if p.accept("~") {
		id.count = p.int()
	}
	if p.accept(":") {
		id.typ = p.typ()
	} else if untyped(id.sym) {
		for i, in := range b.leaves {
			if in.Op == effects.Const && in.Sym == id.sym {
				return effects.V(i + 1)
			}
		}
	} else {
		id.typ = p.intern(constType(id.sym))
	}
	return b.leaf(id, parsed{Instr: effects.Instr{Op: effects.Const, Sym: id.sym, Type: id.typ}, typed: true, classed: true})
}

// trailers reads what stands behind the operands.
func (p *parser) trailers(b *body, v effects.V, in *parsed) {
	for p.peek().kind == aWord && p.trailer() {
		word := p.next().text
		p.i++
		switch word {
		case "by":
			fn, pkg, key := p.callee()
			in.Fn = fn
			if in.Op.Sync() && in.Op != effects.Atomic || in.Op == effects.Closure {
				in.Class, in.Sym, in.classed = pkg, key, true
			}
		case "sym":
			in.Sym = p.unquote()
		case "class":
			in.Class = p.class()
			in.classed = true
		case "index":
			in.Index = int32(p.int())
		default:
			p.callbacks(b, v, in, word == "starts")
			continue
		}
		p.expect(")")
	}
	if p.accept("->") {
		for p.peek().kind == aWord || p.is("@") {
			in.targets = append(in.targets, p.target())
		}
	}
}

func (p *parser) callbacks(b *body, v effects.V, in *parsed, started bool) {
	in.called = true
	for !p.accept(")") {
		c := effects.Callback{Arg: v, Started: started}
		named := false
		if !p.is(".") {
			c.Arg = p.operand(b)
		}
		if p.accept(".") {
			c.Method = p.text("name of a method")
			if named = p.is("@") || p.peek().kind == aWord && p.peek().text != "on"; named {
				c.Fn, c.Pkg, c.Key = p.callee()
			}
		}
		told := p.isWord("on")
		if told {
			p.i++
			c.Recv = p.operand(b)
		}
		in.callbacks = append(in.callbacks, c)
		in.received = append(in.received, told)
		in.named = append(in.named, named)
		if !p.is(")") {
			p.expect(",")
		}
	}
}

// target reads a function that a call which is not static reaches.
func (p *parser) target() *effects.Func {
	fn, pkg, key := p.callee()
	if fn != nil {
		return fn
	}
	id := [2]string{pkg, key}
	if p.stubs[id] == nil {
		p.stubs[id] = effects.Outside(&effects.Unit{Path: pkg, Name: shortName(pkg)}, nameOfKey(key, pkg), key)
	}
	return p.stubs[id]
}
