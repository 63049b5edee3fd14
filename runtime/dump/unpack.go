package dump

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// packed are the first bytes of files that cannot be read here.
var packed = []struct{ magic, name string }{
	{"\x28\xb5\x2f\xfd", "zstd"},
	{"\xfd7zXZ\x00", "xz"},
	{"BZh", "bzip2"},
	{"PK\x03\x04", "zip"},
}

// unpack returns the text of an input that may be compressed with gzip or written in
// UTF-16. Its errors are clauses that tell what else the input is.
func unpack(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, maxLine)
	for range 3 { // a file may be compressed twice on its way
		head, _ := b.Peek(2)
		if !bytes.Equal(head, []byte{0x1f, 0x8b}) {
			break
		}
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, errors.New("compressed with gzip, but damaged: " + err.Error())
		}
		b = bufio.NewReaderSize(gzipReader{z}, maxLine)
	}
	head, err := b.Peek(512)
	if len(head) == 0 && err != nil && err != io.EOF {
		return nil, err
	}
	for _, p := range packed {
		if bytes.HasPrefix(head, []byte(p.magic)) {
			return nil, errors.New("compressed with " + p.name + "; unpack it first")
		}
	}
	if order, ok := utf16Order(head); ok {
		return bufio.NewReaderSize(&utf16Reader{r: b, order: order}, maxLine), nil
	}
	if isProfile(head) {
		data, err := io.ReadAll(io.LimitReader(b, maxJSON))
		if err != nil {
			return nil, err
		}
		if text, ok := describeProfile(data); ok {
			return nil, errors.New(text)
		}
		return bufio.NewReaderSize(bytes.NewReader(data), maxLine), nil
	}
	return b, nil
}

// A gzipReader ends where compressed data that was cut off ends.
type gzipReader struct{ *gzip.Reader }

func (z gzipReader) Read(p []byte) (int, error) {
	n, err := z.Reader.Read(p)
	if err == io.ErrUnexpectedEOF || errors.Is(err, gzip.ErrChecksum) {
		err = io.EOF
	}
	return n, err
}

// utf16Order returns which byte of each pair comes first: little endian, as PowerShell
// writes, 0, or big endian, 1. Without a byte order mark, the zeros between the
// ASCII letters of a dump tell.
func utf16Order(head []byte) (order int, ok bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return 0, true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return 1, true
	}
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case half < 8:
	case zeros[1] > half*9/10 && zeros[0] == 0:
		return 0, true
	case zeros[0] > half*9/10 && zeros[1] == 0:
		return 1, true
	}
	return 0, false
}

// A utf16Reader turns UTF-16 into UTF-8.
type utf16Reader struct {
	r     *bufio.Reader
	order int
	rest  []byte // that was not yet read
	high  rune   // first half of a character, or 0
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		in := make([]byte, 4096)
		n, err := io.ReadFull(u.r, in)
		if n < 2 {
			if err == nil || err == io.ErrUnexpectedEOF {
				err = io.EOF
			}
			return 0, err
		}
		for i := 0; i+1 < n; i += 2 {
			u.put(rune(in[i+1-u.order])<<8 | rune(in[i+u.order]))
		}
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}

func (u *utf16Reader) put(r rune) {
	switch {
	case u.high != 0:
		r, u.high = utf16.DecodeRune(u.high, r), 0
	case 0xd800 <= r && r < 0xdc00:
		u.high = r
		return
	}
	u.rest = utf8.AppendRune(u.rest, r)
}
