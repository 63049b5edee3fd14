package dump

import (
	"bytes"
	"strings"
)

// faultFound begins the note of a dump in which the runtime itself reports an error.
const faultFound = "the Go runtime found: "

// A fatal is what the runtime has printed before it printed stacks.
type fatal struct {
	notes []string
	line  []byte // the first such line
	start int    // of the message in it
	no    int
}

// findFatal reads the line of an error that the runtime finds, and reports whether it is one. Whether
// stacks follow, and what stands before it is the prefix of all lines, is not known yet.
func (p *parser) findFatal(line []byte) bool {
	i := bytes.Index(line, []byte("fatal error: "))
	text, isFatal := "", i >= 0
	if isFatal {
		text = string(line[i+len("fatal error: "):])
	} else if i = bytes.Index(line, []byte("panic: ")); i >= 0 {
		text = string(line[i+len("panic: "):])
		text, _, _ = strings.Cut(text, " [recovered")
		if !isMisuse(text) {
			return false
		}
	}
	if i < 0 || i > maxPrefix || text == "" {
		return false
	}
	note := faultFound + strings.TrimSpace(text)
	if strings.HasPrefix(text, "all goroutines are asleep") {
		note = noteAsleep
	}
	if p.fatal.notes == nil {
		p.fatal = fatal{line: bytes.Clone(line), start: i, no: p.no}
	}
	if len(p.fatal.notes) < 10 {
		p.fatal.notes = append(p.fatal.notes, note)
	}
	if i == 0 {
		p.endBlock()
	}
	return true
}

// belongs reports whether the error is that of stacks which begin in a line, with a prefix.
func (f *fatal) belongs(before prefix, no int) bool {
	const far = 200 // the stacks of the runtime's own threads may come first
	if f.notes == nil || no-f.no > far {
		return false
	}
	text, ok := before.strip(f.line)
	return f.start == 0 || ok && bytes.Equal(text, f.line[f.start:])
}

// isMisuse reports whether that is an error that the runtime finds in how a program uses what
// goroutines share.
func isMisuse(text string) bool {
	return strings.HasPrefix(text, "sync: ") || strings.HasPrefix(text, "concurrent map ") ||
		strings.HasSuffix(text, " channel") // send on closed, close of closed, close of nil
}
