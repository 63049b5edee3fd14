package dump

import (
	"bufio"
	"bytes"
	"io"
)

const (
	maxLine   = 64 << 10
	maxRecord = 256 << 20 // of a line that holds a whole dump
)

// lines reads an input line by line, in bounded memory.
type lines struct {
	r    *bufio.Reader
	no   int  // of the line read last
	cut  bool // a line was longer than maxLine
	open bool // the last line has no end
}

// next returns the next line without its end, valid until the next call; at the end of
// the input, io.EOF. Of a line that is too long it returns the beginning, unless
// that is a record which may hold a dump.
func (l *lines) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	l.no++
	switch err {
	case nil:
		return bytes.TrimRight(line, "\r\n"), nil
	case bufio.ErrBufferFull:
		return l.long(bytes.Clone(line))
	case io.EOF:
		if len(line) == 0 {
			return nil, io.EOF
		}
		l.open = true
		return line, nil
	}
	return nil, err
}

// long returns a line of which the beginning is given.
func (l *lines) long(line []byte) ([]byte, error) {
	limit := maxLine
	if isRecord(line) || hasEscapedStack(line) || bytes.Contains(line, []byte("]:\r")) {
		limit = maxRecord
	}
	for {
		more, err := l.r.ReadSlice('\n')
		if len(line)+len(more) <= limit {
			line = append(line, more...)
		} else {
			l.cut = true
		}
		switch err {
		case nil:
			return bytes.TrimRight(line, "\r\n"), nil
		case bufio.ErrBufferFull:
		case io.EOF:
			l.open = true
			return line, nil
		default:
			return nil, err
		}
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// An interner keeps each distinct string once.
type interner map[string]string

const maxInterned = 1 << 20

func (in interner) string(b []byte) string {
	if in == nil {
		return string(b)
	}
	if s, ok := in[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(in) < maxInterned {
		in[s] = s
	}
	return s
}
