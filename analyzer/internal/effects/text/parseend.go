package text

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// headPosition reads the position at the head of a function.
func (p *parser) headPosition(b *body) {
	if p.peek().kind != aPos {
		b.Pos = effects.Pos{File: p.fileNumber("t"), Line: int32(b.first.line), Col: 1}
		for i := range b.leaves {
			b.leaves[i].Pos = b.Pos
		}
		return
	}
	b.placed = true
	t := p.next()
	words := strings.Fields(t.text)
	n := len(words)
	for n > 1 && (words[n-1] == "-" || isPlace(words[n-1])) {
		n--
	}
	head, places := t.text, words[n:]
	for i := len(places) - 1; i >= 0; i-- {
		head = strings.TrimSpace(strings.TrimSuffix(head, places[i]))
	}
	if head == "-" {
		return
	}
	start, end, ended := head, "", false
	if i := strings.LastIndexByte(head, '-'); i > strings.LastIndexByte(head, '"') && isPlace(head[i+1:]) {
		start, end, ended = head[:i], head[i+1:], true
	}
	b.Pos = p.position(t, start, b)
	if ended {
		b.End = p.position(t, end, b)
	}
	if len(places) > len(b.leaves) {
		fail(t.line, "more positions than parameters")
	}
	for i, s := range places {
		b.leaves[i].Pos = p.position(t, s, b)
	}
}

func isPlace(s string) bool {
	line, col, ok := strings.Cut(s, ":")
	return ok && number(line) && number(col)
}

func number(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// position reads [file:]line:column, or "-" for none. Without file it is the one of the function.
func (p *parser) position(t token, s string, b *body) effects.Pos {
	if s == "-" {
		return effects.Pos{}
	}
	bad := func() { fail(t.line, "%q is no position", s) }
	i := strings.LastIndexByte(s, ':')
	if i < 0 || !number(s[i+1:]) {
		bad()
	}
	rest, col := s[:i], s[i+1:]
	file := b.Pos.File
	if k := strings.LastIndexByte(rest, ':'); k >= 0 {
		name := rest[:k]
		if name != "" && name[0] == '"' {
			if u, err := strconv.Unquote(name); err == nil {
				name = u
			} else {
				bad()
			}
		}
		file, rest = p.fileNumber(name), rest[k+1:]
	} else if !b.Pos.IsValid() {
		file = p.fileNumber("t")
	}
	line, err := strconv.ParseInt(rest, 10, 32)
	column, err2 := strconv.ParseInt(col, 10, 32)
	if err != nil || err2 != nil || line < 1 {
		bad()
	}
	return effects.Pos{File: file, Line: int32(line), Col: int32(column)}
}

func (p *parser) fileNumber(name string) int32 {
	i := slices.Index(p.unit.Files, name)
	if i < 0 {
		i = slices.IndexFunc(p.unit.Files, func(f string) bool { return base(f) == name })
	}
	if i < 0 {
		i = len(p.unit.Files)
		p.unit.Files = append(p.unit.Files, name)
	}
	return int32(i)
}

// assemble makes a function of what was read.
func (b *body) assemble() {
	f := b.Func
	f.First = effects.V(len(b.leaves) + 1)
	f.Code = make([]effects.Instr, 1, 1+len(b.leaves)+len(b.instrs))
	for i := range b.leaves {
		in := b.leaves[i].Instr
		in.Block = -1
		f.Code = append(f.Code, in)
	}
	for i := range b.instrs {
		in := b.instrs[i].Instr
		for k, a := range in.Args {
			in.Args[k] = resolve(f, a)
		}
		f.Code = append(f.Code, in)
	}
	blocks(f, b)
}

// finish adds what was not said. All functions are assembled.
func (p *parser) finish(b *body) {
	f := b.Func
	for i := range b.leaves {
		p.complete(f, effects.V(i+1), &b.leaves[i])
	}
	for i := range b.instrs {
		p.complete(f, f.First+effects.V(i), &b.instrs[i])
	}
}

// resolve returns the number of an operand.
func resolve(f *effects.Func, a effects.V) effects.V {
	if a < 0 {
		return f.First - a - 1
	}
	return a
}

// blocks makes the blocks, and the edges between them.
func blocks(f *effects.Func, b *body) {
	f.Blocks = make([]effects.Block, len(b.blocks))
	for i, bl := range b.blocks {
		end := len(b.instrs)
		if i+1 < len(b.blocks) {
			end = b.blocks[i+1].first
		}
		f.Blocks[i].First, f.Blocks[i].Last = f.First+effects.V(bl.first), f.First+effects.V(end)-1
		for v := f.Blocks[i].First; v <= f.Blocks[i].Last; v++ {
			f.Code[v].Block = int32(i)
		}
		for _, t := range b.instrs[end-1].labels {
			f.Blocks[i].Succs = append(f.Blocks[i].Succs, b.label(t))
		}
	}
	preds := f.OrderedPreds()
	for i, bl := range b.blocks {
		f.Blocks[i].Preds = preds[i]
		if bl.told {
			told := make([]int32, len(bl.from))
			for k, t := range bl.from {
				told[k] = b.label(t)
			}
			if !slices.Equal(slices.Sorted(slices.Values(told)), slices.Sorted(slices.Values(preds[i]))) {
				fail(bl.line, "other blocks lead to this one than said")
			}
			if len(told) > 0 {
				f.Blocks[i].Preds = told
			}
		}
		for v := f.Blocks[i].First; v <= f.Blocks[i].Last; v++ {
			if in := &f.Code[v]; in.Op == effects.Phi && len(in.Args) != len(f.Blocks[i].Preds) {
				fail(b.instrs[v-f.First].line, "phi has %d operands, but %d blocks lead here", len(in.Args), len(f.Blocks[i].Preds))
			}
		}
	}
}

func (b *body) label(t token) int32 {
	i, ok := b.labels[t.text]
	if !ok {
		fail(t.line, "there is no block %s", t)
	}
	return i
}

// complete adds to an instruction what was not said.
func (p *parser) complete(f *effects.Func, v effects.V, said *parsed) {
	in := &f.Code[v]
	in.Flags = (guessFlags(f, v) | said.yes) &^ said.no
	if !said.classed {
		if in.Class = guessClass(f, v); in.Op.Sync() && in.Op != effects.Atomic {
			in.Class, in.Sym = guessCallee(f, v)
		}
	}
	if !said.typed {
		in.Type = p.known(guessType(f, v))
	}
	cs := said.callbacks
	for i := range cs {
		c := &cs[i]
		c.Arg, c.Recv = resolve(f, c.Arg), resolve(f, c.Recv)
		if !said.received[i] {
			c.Recv = guessRecv(f, *c)
		}
		if !said.named[i] {
			c.Fn, c.Pkg, c.Key = guessMethod(f, v, *c, p.keyed)
		}
	}
	if !said.called {
		cs = guessCallbacks(f, v)
	}
	if len(cs) > 0 {
		if f.Callbacks == nil {
			f.Callbacks = map[effects.V][]effects.Callback{}
		}
		f.Callbacks[v] = cs
	}
	if len(said.targets) > 0 {
		if f.Targets == nil {
			f.Targets = map[effects.V][]*effects.Func{}
		}
		f.Targets[v] = said.targets
	}
}

// known returns the type of the unit that a guess looks like.
func (p *parser) known(t *effects.Type) *effects.Type {
	if t == nil || t.Name != "" {
		return t
	}
	if _, ok := p.seen[t]; ok {
		return t
	}
	for i, r := range t.Results {
		if k := p.known(r); k != r {
			t.Results = slices.Clone(t.Results)
			t.Results[i] = k
		}
	}
	return p.intern(t)
}
