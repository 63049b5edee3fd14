package dump

import (
	"bufio"
	"bytes"
	"io"
)

const maxLine = 64 << 10

// lines reads an input line by line, in bounded memory.
type lines struct {
	r    *bufio.Reader
	read bool // anything at all
	cut  bool // a line was longer than maxLine
	open bool // the last line has no end
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, maxLine)} }

// next returns the next line without its end, valid until the next call; at the end of
// the input, io.EOF. Of a line that is too long it returns the beginning.
func (l *lines) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	if len(line) > 0 {
		l.read = true
	}
	switch err {
	case nil:
		return bytes.TrimRight(line, "\r\n"), nil
	case bufio.ErrBufferFull:
		l.cut = true
		line = bytes.Clone(line)
		for err == bufio.ErrBufferFull {
			_, err = l.r.ReadSlice('\n')
		}
		if err == io.EOF {
			l.open, err = true, nil
		}
		return line, err
	case io.EOF:
		if len(line) == 0 {
			return nil, io.EOF
		}
		l.open = true
		return line, nil
	}
	return nil, err
}

// A prefix is what a logger puts before each line, such as a time stamp.
type prefix []byte

// strip returns the line without the prefix, which may differ in its digits.
func (p prefix) strip(line []byte) ([]byte, bool) {
	if len(line) < len(p) {
		// The blank at its end may be gone from an empty line.
		p = bytes.TrimRight(p, " \t")
		if len(line) != len(p) {
			return nil, len(bytes.TrimSpace(line)) == 0
		}
	}
	for i, c := range p {
		if line[i] != c && !(isDigit(c) && isDigit(line[i])) {
			return nil, false
		}
	}
	return line[len(p):], true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// An interner keeps each distinct string once.
type interner map[string]string

const maxInterned = 1 << 20

func (in interner) string(b []byte) string {
	if s, ok := in[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(in) < maxInterned {
		in[s] = s
	}
	return s
}
