package dump

import (
	"bytes"
	"strconv"
)

// findHeader looks in a line for the header of a goroutine and returns what
// stands before and behind it:
//
//	goroutine 18 [sync.Mutex.Lock, 2 minutes, locked to thread]:
//	goroutine 18 gp=0xc000006700 m=nil [chan receive (nil chan)]:
func findHeader(line []byte, in interner) (before, behind []byte, g *Goroutine, ok bool) {
	const word = "goroutine "
	i := bytes.Index(line, []byte(word))
	if i < 0 || i > maxPrefix {
		return nil, nil, nil, false
	}
	end := bytes.LastIndex(line, []byte("]:"))
	if end < i || !isTail(line[end+2:]) {
		return nil, nil, nil, false
	}
	rest := line[i+len(word) : end]
	n := digits(rest, 0)
	id, err := strconv.ParseUint(string(rest[:n]), 10, 64)
	if err != nil {
		return nil, nil, nil, false
	}
	attrs, state, ok := bytes.Cut(rest[n:], []byte("["))
	if !ok {
		return nil, nil, nil, false
	}
	for _, attr := range bytes.Fields(attrs) {
		if !bytes.Contains(attr, []byte("=")) {
			return nil, nil, nil, false
		}
	}
	g = &Goroutine{ID: id}
	g.parseState(state, in)
	return line[:i], line[end+2:], g, true
}

// maxPrefix is how much may stand before a header.
const maxPrefix = 200

// isTail reports whether that may stand behind a line of a stack: quotes, commas and bars,
// where it was in a list or a table, or a remark.
func isTail(s []byte) bool {
	if len(s) == 0 || isRemark(s) {
		return true
	}
	if len(s) > 16 {
		return false
	}
	for _, c := range s {
		if isLetter(c) || isDigit(c) || c >= 0x80 {
			return false
		}
	}
	return true
}

// isRemark reports whether somebody has written something behind a line: <-- this one.
func isRemark(s []byte) bool {
	text := bytes.TrimLeft(s, " \t")
	return len(text) > 0 && len(text) < len(s) && len(text) <= maxPrefix && !isLetter(text[0]) && !isDigit(text[0])
}

// withoutRemark returns a line up to a remark, if it has one.
func withoutRemark(line []byte) []byte {
	for _, start := range []string{"<", "//", "#", "--", "==", "\u2190", "\u27f5", "("} {
		i := bytes.Index(line, []byte(" "+start))
		if i < 0 {
			i = bytes.Index(line, []byte("\t"+start))
		}
		if i > 0 && isRemark(line[i:]) {
			return bytes.TrimRight(line[:i], " \t")
		}
	}
	return line
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// parseState takes apart what stands in brackets.
func (g *Goroutine) parseState(s []byte, in interner) {
	if before, labels, ok := bytes.Cut(s, []byte(" labels:{")); ok {
		s = bytes.TrimSuffix(before, []byte(","))
		g.Labels = in.string(bytes.TrimSuffix(labels, []byte("}")))
	}
	first, rest, more := bytes.Cut(s, []byte(", "))
	g.State = in.string(first)
	g.Ended = g.State == endedState
	for more {
		var field []byte
		field, rest, more = bytes.Cut(rest, []byte(", "))
		if n, ok := bytes.CutSuffix(field, []byte(" minutes")); ok {
			g.Minutes, _ = strconv.Atoi(string(n))
			g.Minutes = max(g.Minutes, 0)
		} else if n, ok := bytes.CutPrefix(field, []byte("synctest bubble ")); ok {
			g.Bubble, _ = strconv.ParseUint(string(n), 10, 64)
		} else if string(field) == "locked to thread" {
			g.Locked = true
		}
	}
}

// header returns the header as Go prints it.
func (g *Goroutine) header() string {
	b := append([]byte("goroutine "), strconv.FormatUint(g.ID, 10)...)
	b = append(b, " ["...)
	b = append(b, g.State...)
	if g.Minutes > 0 {
		b = append(b, ", "...)
		b = strconv.AppendInt(b, int64(g.Minutes), 10)
		b = append(b, " minutes"...)
	}
	if g.Locked {
		b = append(b, ", locked to thread"...)
	}
	if g.Bubble > 0 {
		b = append(b, ", synctest bubble "...)
		b = strconv.AppendUint(b, g.Bubble, 10)
	}
	if g.Labels != "" {
		b = append(b, " labels:{"...)
		b = append(b, g.Labels...)
		b = append(b, '}')
	}
	return string(append(b, "]:"...))
}

// endedState is the state in which a goroutine that has ended is printed.
const endedState = "ended"
