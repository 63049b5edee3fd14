package dump

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	maxGoroutines = 1 << 20
	maxFrames     = 8 << 20 // of all goroutines together
	maxJSON       = 512 << 20
)

// noteAsleep is the note of a dump in which the runtime itself reports a deadlock.
const noteAsleep = "the Go runtime found that all goroutines are asleep"

// noteCut is the note of an input that ends too early.
const noteCut = "the input ends within a stack, so goroutines may be missing"

// Parse reads a dump: what runtime.Stack, SIGQUIT, a panic, a test that times out or
// /debug/pprof/goroutine?debug=2 print, or what WriteText and WriteJSON write. Other
// output around the stacks is skipped, and so is a prefix that all their lines have.
// If the input holds several dumps, Parse returns the last one that
// is not much smaller than another.
//
// The error of an input without any stack is a clause that tells what the input is.
func Parse(r io.Reader) (*Dump, error) {
	l := newLines(r)
	if isJSON(l) {
		data, err := io.ReadAll(io.LimitReader(l.r, maxJSON+1))
		if err != nil {
			return nil, err
		}
		if d, ok := parseJSON(data); ok {
			return d, nil
		}
		l = newLines(bytes.NewReader(data))
	}
	p := &parser{lines: l, intern: interner{}}
	if err := p.run(); err != nil {
		return nil, err
	}
	return p.result()
}

// isJSON reports whether the first byte, blanks aside, can be that of a dump in JSON.
func isJSON(l *lines) bool {
	head, _ := l.r.Peek(64)
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n\ufeff"), []byte("{"))
}

func parseJSON(data []byte) (*Dump, bool) {
	var j struct {
		Version int `json:"version"`
		Dump
	}
	if len(data) > maxJSON || json.Unmarshal(data, &j) != nil || j.Version == 0 && len(j.Goroutines) == 0 {
		return nil, false
	}
	d := &j.Dump
	kept := make([]*Goroutine, 0, len(d.Goroutines))
	for _, g := range d.Goroutines {
		if g != nil {
			kept = append(kept, g)
		}
	}
	d.Goroutines = kept
	return d, true
}

// A parser takes the input apart. It keeps at most two dumps: the best so far, and
// the one it is in.
type parser struct {
	*lines
	intern interner

	best, cur segment
	dumps     int // segments with goroutines, up to now
	frames    int
	full      bool // a limit was met
	hint      string

	other bool // the last line is none of a stack
	half  bool // but may be the beginning of a header

	g        *Goroutine // whose block this is, or nil
	alike    []uint64   // its copies
	prefix   prefix
	pending  *Frame // its place is expected next
	created  bool   // pending is the go statement
	ancestor bool   // the frames that follow are those of an ancestor
}

// A segment is a dump within the input.
type segment struct {
	dump Dump
	seen map[uint64]bool // ids of its goroutines
}

func (p *parser) run() error {
	first := true
	for {
		line, err := p.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if first {
			p.hint = whatElse(line)
			first = false
		}
		p.line(line)
	}
	if p.isCut() {
		p.endBlock()
		p.note(noteCut)
	}
	p.endSegment()
	return nil
}

// isCut reports whether the input ends where a dump does not.
func (p *parser) isCut() bool {
	switch {
	case p.pending != nil:
		return true
	case p.open && p.other: // within a line
		return p.g != nil || p.half
	}
	// The stack of a goroutine that runs elsewhere is not printed.
	return p.g != nil && len(p.g.Frames) == 0 && !p.g.Ended && p.g.State != "running"
}

func (p *parser) line(line []byte) {
	p.other, p.half = false, false
	if before, g, ok := findHeader(line, p.intern); ok {
		p.endBlock()
		p.startBlock(g, before)
		return
	}
	if p.g != nil {
		text, ok := p.prefix.strip(line)
		switch {
		case !ok && len(p.prefix) > 0:
			// Of another process, or of a logger that stops at the first line.
		case len(bytes.TrimSpace(text)) == 0:
			if p.pending == nil {
				p.endBlock()
			}
			return
		case p.blockLine(text):
			return
		}
	}
	p.other = true
	p.half = len(line) > 0 && (bytes.HasPrefix([]byte("goroutine "), line) || bytes.HasPrefix(line, []byte("goroutine ")))
	p.outside(line)
}

// outside looks for the lines that stand around stacks and matter.
func (p *parser) outside(line []byte) {
	has := func(s string) bool { return bytes.HasPrefix(line, []byte(s)) }
	switch {
	case has("fatal error: all goroutines are asleep"):
		p.endSegment()
		p.note(noteAsleep)
	case has("SIGQUIT: "), has("panic: "), has("fatal error: "), has("FAIL\t"), has("ok  \t"):
		p.endBlock()
		p.endSegment()
	case has(titleStart):
		p.endBlock()
		p.endSegment()
		p.cur.dump.parseTitle(string(line))
	case has(noteStart) && p.cur.seen == nil:
		p.note(string(line[len(noteStart):]))
	}
}

func (p *parser) note(s string) {
	for _, n := range p.cur.dump.Notes {
		if n == s {
			return
		}
	}
	if len(p.cur.dump.Notes) < 100 {
		p.cur.dump.Notes = append(p.cur.dump.Notes, s)
	}
}

func (p *parser) startBlock(g *Goroutine, before []byte) {
	if p.cur.seen[g.ID] {
		p.endSegment()
	}
	p.g, p.prefix = g, append(p.prefix[:0], before...)
}

// endBlock adds the goroutine to the dump.
func (p *parser) endBlock() {
	g := p.g
	if g == nil {
		return
	}
	if g.Waits != nil {
		g.Waits.At = g.at()
	}
	p.add(g)
	for _, id := range p.alike {
		if !p.cur.seen[id] {
			twin := *g
			twin.ID = id
			p.add(&twin)
		}
	}
	p.g, p.alike, p.pending, p.created, p.ancestor = nil, nil, nil, false, false
}

func (p *parser) add(g *Goroutine) {
	if len(p.cur.dump.Goroutines) >= maxGoroutines {
		p.full = true
		return
	}
	if p.cur.seen == nil {
		p.cur.seen = map[uint64]bool{}
	}
	p.cur.seen[g.ID] = true
	p.cur.dump.Goroutines = append(p.cur.dump.Goroutines, g)
}

// endSegment keeps the dump if it is at least half as large as the best.
func (p *parser) endSegment() {
	p.endBlock()
	n := len(p.cur.dump.Goroutines)
	if n > 0 {
		p.dumps++
		if 2*n >= len(p.best.dump.Goroutines) {
			p.best = p.cur
		}
		p.frames = 0
	}
	p.cur = segment{}
}

// blockLine reads a line within the block of a goroutine and reports whether it was one.
func (p *parser) blockLine(line []byte) bool {
	g := p.g
	if p.pending != nil {
		if file, no, ok := parsePlace(line, p.intern); ok {
			f := *p.pending
			f.File, f.Line = file, no
			p.frame(f)
			return true
		}
		if strings.HasPrefix(p.pending.Func, "non-Go function") {
			p.frame(*p.pending)
		}
	}
	if f, creator, ok := parseCreated(line, p.intern); ok {
		p.pending, p.created = &f, true
		if !p.ancestor {
			g.Creator = creator
		}
		return true
	}
	if f, ok := parseFunc(line, p.intern); ok {
		p.pending, p.created = &f, false
		return true
	}
	switch {
	case isElided(line):
		p.frame(Frame{Func: p.intern.string(line)})
	case bytes.HasPrefix(line, []byte("[originating from goroutine ")):
		p.ancestor = true
	case bytes.HasPrefix(line, []byte("  ")):
		return p.fact(string(line[2:]))
	default:
		return false
	}
	return true
}

func (p *parser) frame(f Frame) {
	created := p.created
	p.pending, p.created = nil, false
	switch {
	case p.ancestor:
	case p.frames >= maxFrames:
		p.full = true
	case created:
		p.g.CreatedBy = &f
	default:
		p.g.Frames = append(p.g.Frames, f)
		p.frames++
	}
}

// result returns the best dump, with notes about the input.
func (p *parser) result() (*Dump, error) {
	d := &p.best.dump
	if len(d.Goroutines) == 0 {
		switch {
		case !p.read:
			return nil, errors.New("nothing in it")
		case p.hint != "":
			return nil, errors.New(p.hint)
		}
		return nil, errors.New("no goroutine stacks in it")
	}
	if p.dumps > 1 {
		d.Notes = append(d.Notes, fmt.Sprintf("the input holds %d dumps, of which this is one with %s", p.dumps, count(len(d.Goroutines), "goroutine")))
	}
	if p.full {
		d.Notes = append(d.Notes, "the input is too large, goroutines or frames were left out")
	}
	if p.cut {
		d.Notes = append(d.Notes, "the input has lines longer than 64 KiB, which were cut")
	}
	return d, nil
}

// whatElse recognizes inputs that users take for a dump, by their first line.
func whatElse(line []byte) string {
	text := bytes.ToLower(bytes.TrimSpace(line))
	switch {
	case bytes.HasPrefix(text, []byte("<!doctype")), bytes.HasPrefix(text, []byte("<html")), bytes.HasPrefix(text, []byte("<head")):
		return "a web page, not a dump"
	case bytes.HasPrefix(line, []byte{0x1f, 0x8b}):
		return "compressed, or a profile for go tool pprof; ask for the goroutine profile with debug=2"
	case bytes.HasPrefix(text, []byte("goroutine profile: total")):
		return "a goroutine profile that does not tell goroutines apart; ask for it with debug=2"
	}
	return ""
}

// count returns n and the noun, in its plural unless n is 1.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
