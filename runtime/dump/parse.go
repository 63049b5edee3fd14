package dump

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
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
// output around the stacks is skipped.
//
// It is read in the forms in which dumps come along: with a prefix that all lines have, such as a time stamp; in
// records of JSON, as docker, go test -json and loggers write them, or in one string whose line ends are escaped;
// with the colours of a terminal, the marks of Markdown, no-break spaces; without indentation, with empty
// lines in between, without the lines that have files; compressed with gzip; in UTF-16. Lines of a stack
// are told apart by what is in them.
//
// If the input holds several dumps, Parse returns one: the last in which holders are known, or
// else the last that is not much smaller than another. A note tells of the others.
//
// The error of an input without any stack is a clause that tells what the input is.
func Parse(r io.Reader) (*Dump, error) {
	b, err := unpack(r)
	if err != nil {
		return nil, err
	}
	if isJSON(b) {
		data, err := io.ReadAll(io.LimitReader(b, maxJSON+1))
		if err != nil {
			return nil, err
		}
		if d, ok := parseJSON(data); ok {
			return d, nil
		}
		b.Reset(bytes.NewReader(data))
	}
	p := &parser{envelope: envelope{lines: lines{r: b}}, intern: interner{}}
	if err := p.run(); err != nil {
		return nil, err
	}
	return p.result()
}

// A parser takes the input apart. It keeps at most two dumps: the best so far, and
// the one it is in.
type parser struct {
	envelope
	intern interner

	best, cur segment
	all       []summary // of the dumps up to now
	frames    int
	full      bool // a limit was met
	hint      string
	fatal     fatal
	race      *raceReport // which is being read
	races     []*raceReport

	other  bool // the last line is none of a stack
	half   bool // but may be the beginning of a header
	turns  int  // stacks in which a place stood before its call
	strays int  // lines of stacks before any header

	g      *Goroutine // whose block this is, or nil
	alike  []uint64   // its copies
	prefix prefix
	tail   []byte // what stands behind its lines
	blank  bool   // the last line was empty
	broken []byte // the last line, if it may be the beginning of one
	fresh  bool   // up to now there was only its header
	block  block
}

// A segment is a dump within the input.
type segment struct {
	dump   Dump
	seen   map[uint64]bool // ids of its goroutines
	line   int             // where it begins
	placed bool            // calls have their places
}

func (p *parser) run() error {
	first, part := true, 0
	for {
		line, err := p.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if p.part != part {
			part = p.part
			p.endSegment()
		}
		if first {
			p.hint = whatElse(line)
			first = false
		}
		p.line(clean(line))
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
	case p.block.pending && (p.cur.placed || p.frames == 0):
		return true
	case p.open && p.other: // within a line
		return p.g != nil && !p.blank || p.half
	}
	// The stack of a goroutine that runs elsewhere is not printed.
	return p.g != nil && !p.blank && len(p.block.frames) == 0 && !p.block.pending && !p.g.Ended && p.g.State != "running"
}

func (p *parser) line(line []byte) {
	p.other, p.half = false, false
	if before, behind, g, ok := findHeader(line, p.intern); ok {
		p.endBlock()
		p.startBlock(line, before, behind, g)
		return
	}
	if p.race != nil && p.race.line(line) {
		return
	}
	p.race = nil
	if p.g != nil {
		text, ok := p.text(line)
		if ok && p.isBlank(text) {
			p.blank = true
			return
		}
		known := ok && p.stackLine(text)
		p.fresh = false
		if known {
			p.blank = false
			return
		}
		if p.blank {
			p.endBlock()
		}
	} else if p.cur.seen == nil && isStackLine(line) {
		p.strays++
	}
	p.other = true
	p.half = len(line) > 0 && (bytes.HasPrefix([]byte("goroutine "), line) || bytes.HasPrefix(line, []byte("goroutine ")))
	p.outside(line)
}

// stackLine reads a line of a stack, which may have a remark behind it, or be the rest of one that was too
// wide for a terminal.
func (p *parser) stackLine(text []byte) bool {
	whole := slices.Concat(bytes.TrimSuffix(p.broken, []byte("=")), bytes.TrimRight(text, " \t")) // = in mail
	if len(p.broken) > 0 && p.blockLine(whole) || p.blockLine(text) || p.blockLine(withoutRemark(text)) {
		p.broken = p.broken[:0]
		return true
	}
	p.broken = p.broken[:0]
	if narrow <= len(whole) && len(whole) <= maxWrapped {
		p.broken = append(p.broken, whole...)
	}
	return false
}

const (
	narrow     = 40 // terminals are wider
	maxWrapped = 2000
)

// text returns the line without what the header of its goroutine has around it, too. Loggers that
// write a prefix at the first line of a message only are known by the line that
// follows: it is one of a stack by itself.
func (p *parser) text(line []byte) ([]byte, bool) {
	text, ok := p.prefix.strip(line)
	if !ok && len(p.block.frames) == 0 && isStackLine(line) {
		p.prefix = p.prefix[:0]
		text, ok = line, true
	}
	if len(p.tail) > 0 {
		text = bytes.TrimSuffix(text, p.tail)
	}
	return withTabs(text), ok
}

// isBlank reports whether a line is empty but for what stands behind each.
func (p *parser) isBlank(text []byte) bool {
	text = bytes.TrimSpace(text)
	return len(text) == 0 || len(p.tail) > 0 && isTail(text)
}

// isStackLine reports whether a line is the first or the second line of a frame, without a prefix.
func isStackLine(line []byte) bool {
	line = bytes.TrimSpace(withTabs(line))
	if _, _, ok := parseFunc(line); ok {
		return true
	}
	if _, _, ok := parseCreated(line); ok {
		return true
	}
	file, _, ok := parsePlace(line, false)
	return ok && bytes.IndexByte(file, ' ') < 0
}

// outside looks for the lines that stand around stacks and matter.
func (p *parser) outside(line []byte) {
	if p.findFatal(line) {
		return
	}
	if len(bytes.TrimSpace(line)) > 0 && line[0] != '[' {
		p.fatal.apart = true
	}
	text, ok := p.prefix.strip(line)
	if !ok {
		text = line
	}
	has := func(s string) bool { return bytes.HasPrefix(text, []byte(s)) }
	switch {
	case has("SIGQUIT: "), has("panic: "), has("FAIL\t"), has("ok  \t"):
		p.endSegment()
	case bytes.HasSuffix(line, []byte(raceStart)):
		p.endBlock()
		p.startRace(line)
	case has(titleStart):
		p.endSegment()
		p.cur.dump.parseTitle(string(text))
	case has(noteStart) && p.cur.seen == nil:
		p.note(string(text[len(noteStart):]))
	case p.hint == "":
		if p.hint = p.profile(text); p.hint == "" && isJoined(line) {
			p.hint = "the ends of its lines are lost: stacks are in one line"
		}
	}
}

// profile returns what to say of the first line of a profile with debug=1.
func (p *parser) profile(line []byte) string {
	n, ok := profileTotal(line)
	if !ok {
		return ""
	}
	return "a profile of " + count(n, "goroutine") + " with debug=1, " + lacks
}

// isJoined reports whether a header is followed by a call in the same line.
func isJoined(line []byte) bool {
	_, rest, ok := bytes.Cut(line, []byte("goroutine "))
	state, rest, ok2 := bytes.Cut(rest, []byte("]: "))
	_, _, ok3 := bytes.Cut(state, []byte(" ["))
	call, _, ok4 := bytes.Cut(rest, []byte(") "))
	_, _, isCall := parseFunc(append(bytes.Clone(call), ')'))
	return ok && ok2 && ok3 && ok4 && isCall
}

func (p *parser) note(s string) {
	if notes := p.cur.dump.Notes; len(notes) < 100 && !slices.Contains(notes, s) {
		p.cur.dump.Notes = append(notes, s)
	}
}

func (p *parser) startBlock(line, before, behind []byte, g *Goroutine) {
	if p.cur.seen[g.ID] || p.prefix.isOther(before) {
		p.endSegment()
	}
	p.prefix, p.tail = append(p.prefix[:0], before...), p.tail[:0]
	if !isRemark(behind) {
		p.tail = append(p.tail, bytes.TrimSpace(behind)...)
	}
	if p.fatal.belongs(p.prefix, p.no) {
		p.endSegment()
		for _, s := range p.fatal.notes {
			p.note(s)
		}
	}
	p.fatal = fatal{}
	if p.cur.seen == nil {
		p.cur.line = p.no
	}
	p.g, p.blank, p.fresh, p.broken, p.race = g, false, true, p.broken[:0], nil
}

// endBlock adds the goroutine to the dump.
func (p *parser) endBlock() {
	g := p.g
	if g == nil {
		return
	}
	p.block.end(g, p)
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
	p.g, p.alike = nil, nil
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

// result returns the best dump, with notes about the input.
func (p *parser) result() (*Dump, error) {
	d := &p.best.dump
	if len(d.Goroutines) == 0 && len(p.races) > 0 {
		d = raceDump(p.races)
	}
	switch {
	case p.isReversed(d.Goroutines):
		return nil, errors.New("its lines are in reverse order, the last comes first; turn them around, as tac does")
	case len(d.Goroutines) > 0:
	case p.no <= 1 && p.hint == "" && !p.other:
		return nil, errors.New("nothing in it")
	case p.hint != "":
		return nil, errors.New(p.hint)
	case len(p.fatal.notes) > 0:
		return nil, errors.New(p.fatal.notes[0] + ", but no goroutine stacks are in it")
	default:
		return nil, errors.New("no goroutine stacks in it")
	}
	for _, r := range p.races {
		if n := r.note(); len(r.accesses) > 0 && !slices.Contains(d.Notes, n) {
			d.Notes = append(d.Notes, n)
		}
	}
	if len(p.all) > 1 {
		d.Notes = append(d.Notes, several(p.all, p.best.line))
	}
	if p.full {
		d.Notes = append(d.Notes, "the input is too large, goroutines or frames were left out")
	}
	if p.cut {
		d.Notes = append(d.Notes, "the input has lines longer than 64 KiB, which were cut")
	}
	return d, nil
}

// isReversed reports whether places stand before their calls: in half of the stacks, or before the first
// header if there are no stacks behind.
func (p *parser) isReversed(gs []*Goroutine) bool {
	if p.turns > 0 && 2*p.turns >= len(gs) {
		return len(gs) > 0
	}
	bare := !slices.ContainsFunc(gs, func(g *Goroutine) bool { return len(g.Frames) > 0 })
	return p.strays > 0 && len(gs) > 0 && bare
}

// whatElse recognizes inputs that users take for a dump, by their first line.
func whatElse(line []byte) string {
	text := bytes.ToLower(bytes.TrimLeft(line, " \t\ufeff"))
	for _, start := range []string{"<!doctype", "<html", "<head"} {
		if bytes.HasPrefix(text, []byte(start)) {
			return "a web page, not a dump"
		}
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
