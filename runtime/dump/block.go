package dump

import "bytes"

// A block is what was read of the stack of one goroutine.
type block struct {
	frames []Frame
	args   []byte // of all frames, one after the other
	ends   []int  // of the arguments of each frame, in args

	call     Frame // the call read last, if pending: its place is expected next
	pending  bool
	created  bool // it is the go statement
	start    bool // a go statement was read
	by       Frame
	ancestor bool // the frames that follow are those of an ancestor
}

// blockLine reads a line within the block of a goroutine and reports whether it was one.
func (p *parser) blockLine(line []byte) bool {
	b := &p.block
	indented := isBlank(line[0])
	text := bytes.TrimSpace(line)
	if !b.pending && len(b.frames) == 0 && !b.start && p.fact(string(text)) {
		return true
	}
	if name, creator, ok := parseCreated(text); ok {
		b.flush(p)
		b.call, b.pending, b.created = Frame{Func: p.intern.string(name)}, true, true
		if !b.ancestor {
			p.g.Creator = creator
		}
		return true
	}
	if name, args, ok := parseFunc(text); ok {
		b.flush(p)
		b.call, b.pending = Frame{Func: p.intern.string(name)}, true
		b.args = append(b.args, args...)
		return true
	}
	if file, no, ok := parsePlace(text, indented && b.pending); ok {
		if b.pending {
			b.call.File, b.call.Line = p.intern.string(file), no
			p.cur.placed = true
			b.flush(p)
		} else if p.fresh {
			p.turns++
		}
		return true
	}
	switch {
	case isElided(text):
		b.flush(p)
		b.call, b.pending = Frame{Func: p.intern.string(text)}, true
		b.flush(p)
	case bytes.HasPrefix(text, []byte("[originating from goroutine ")):
		b.flush(p)
		b.ancestor = true
	default:
		return bytes.HasPrefix(text, []byte("pc=0x")) // of what is not written in Go
	}
	return true
}

// flush adds the call that was read last.
func (b *block) flush(p *parser) {
	if !b.pending {
		return
	}
	f := b.call
	switch {
	case b.ancestor:
	case p.frames >= maxFrames:
		p.full = true
	case b.created:
		b.by, b.start = f, true
	default:
		b.frames = append(b.frames, f)
		b.ends = append(b.ends, len(b.args))
		p.frames++
	}
	if n := len(b.ends); n == 0 {
		b.args = b.args[:0]
	} else {
		b.args = b.args[:b.ends[n-1]]
	}
	b.pending, b.created = false, false
}

// end gives the goroutine what was read, and forgets it.
func (b *block) end(g *Goroutine, p *parser) {
	b.flush(p)
	if len(b.frames) > 0 {
		// Addresses differ from goroutine to goroutine, so that it is of no use to look whether a string is known.
		all, from := string(b.args), 0
		g.Frames = make([]Frame, len(b.frames))
		for i, f := range b.frames {
			f.Args = all[from:b.ends[i]]
			from = b.ends[i]
			g.Frames[i] = f
		}
	}
	if b.start {
		by := b.by
		g.CreatedBy = &by
	}
	*b = block{frames: b.frames[:0], args: b.args[:0], ends: b.ends[:0]}
}
