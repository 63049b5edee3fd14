package dump

import (
	"bytes"
	"unicode"
)

// A prefix is what a logger puts before each line, such as a time stamp.
type prefix []byte

// strip returns the line without the prefix. It may differ in its numbers, also in their
// length, and in whether seconds have a fraction.
func (p prefix) strip(line []byte) ([]byte, bool) {
	i, j := 0, 0
	for i < len(p) {
		c, end := p[i], j == len(line)
		switch {
		case isDigit(c) && !end && isDigit(line[j]):
			i, j = digits(p, i), digits(line, j)
		case isFraction(p, i) && (end || !isFraction(line, j)):
			i = digits(p, i+1)
		case isFraction(line, j) && c != line[j]:
			j = digits(line, j+1)
		case isBlank(c) && (end || isBlank(line[j]) || isDigit(line[j])):
			// Numbers are padded, and blanks at the end are gone from an empty line.
			n := blanks(p, i)
			j = min(blanks(line, j), j+max(n-i, padding(p, n)))
			i = n
		case !end && isBlank(line[j]) && isDigit(c) && i > 0 && isBlank(p[i-1]):
			j = blanks(line, j)
		case !end && (c == line[j] || c == ':' && line[j] == '-'): // as grep -A writes
			i, j = i+1, j+1
		default:
			return nil, end && len(bytes.TrimSpace(p[i:])) == 0
		}
	}
	return line[j:], true
}

// isOther reports whether another prefix is one of another process: both have words, and these differ.
func (p prefix) isOther(other []byte) bool {
	rest, same := p.strip(other)
	return !(same && len(rest) == 0) && bytes.ContainsFunc(p, unicode.IsLetter) && bytes.ContainsFunc(other, unicode.IsLetter)
}

// padding is how many blanks there may be before what follows: many before a number.
func padding(p []byte, i int) int {
	if i < len(p) && isDigit(p[i]) {
		return 20
	}
	return 0
}

// isFraction reports whether the fraction of a number begins at i.
func isFraction(s []byte, i int) bool {
	return i > 0 && i+1 < len(s) && (s[i] == '.' || s[i] == ',') && isDigit(s[i-1]) && isDigit(s[i+1])
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// digits returns where the digits that begin at i end.
func digits(s []byte, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

func blanks(s []byte, i int) int {
	for i < len(s) && isBlank(s[i]) {
		i++
	}
	return i
}
