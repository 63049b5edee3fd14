package text

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token of the text form.
type token struct {
	kind tokenKind
	text string // of a mark without "!", of a position without ";"
	line int
	next bool // it follows what is before it without a space
}

type tokenKind uint8

const (
	endOfText tokenKind = iota
	newline
	aWord    // a name: letters, digits, dots, slashes, and parentheses and brackets behind dots and letters
	aNumber  // of a constant or index
	aString  // quoted
	aMark    // !word
	aPos     // ; and the rest of the line
	aSpecial // the others
)

func (t token) String() string {
	switch t.kind {
	case endOfText:
		return "end of the text"
	case newline:
		return "end of the line"
	case aMark:
		return "!" + t.text
	case aPos:
		return "a position"
	}
	return t.text
}

// An errorAt is an error in a line of a text.
type errorAt struct {
	line int
	text string
}

func (e *errorAt) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.text) }

// fail is caught by Parse.
func fail(line int, format string, args ...any) {
	panic(&errorAt{line, fmt.Sprintf(format, args...)})
}

// lex splits a text into tokens; the last is endOfText.
func lex(src string) []token {
	l := lexer{src: src, line: 1}
	for l.i < len(src) {
		l.step()
	}
	l.add(newline, "")
	l.add(endOfText, "")
	return l.toks
}

type lexer struct {
	src    string
	i      int
	line   int
	space  bool
	braces int // of struct types that are open
	toks   []token
}

func (l *lexer) add(kind tokenKind, text string) {
	l.toks = append(l.toks, token{kind, text, l.line, !l.space && len(l.toks) > 0})
	l.space = false
}

func (l *lexer) step() {
	rest := l.src[l.i:]
	switch c := rest[0]; {
	case c == '\n':
		l.add(newline, "")
		l.line++
		l.i++
	case c == ' ' || c == '\t' || c == '\r':
		l.space = true
		l.i++
	case strings.HasPrefix(rest, "//"):
		l.i += lineEnd(rest)
	case c == ';' && l.braces == 0:
		n := lineEnd(rest)
		l.add(aPos, strings.TrimSpace(rest[1:n]))
		l.i += n
	case c == '"':
		q, err := strconv.QuotedPrefix(rest)
		if err != nil {
			fail(l.line, "a string without end")
		}
		l.add(aString, q)
		l.i += len(q)
	case c == '!' && len(rest) > 1 && isLetter(rest[1:]):
		n := 1
		for n < len(rest) && isLetter(rest[n:]) {
			_, size := utf8.DecodeRuneInString(rest[n:])
			n += size
		}
		l.add(aMark, rest[1:n])
		l.i += n
	default:
		l.other(rest)
	}
}

func lineEnd(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

func (l *lexer) other(rest string) {
	if n := numberEnd(rest); n > 0 {
		l.add(aNumber, rest[:n])
		l.i += n
		return
	}
	if n := wordEnd(rest); n > 0 {
		l.add(aWord, rest[:n])
		l.i += n
		return
	}
	r, n := utf8.DecodeRuneInString(rest)
	for _, s := range []string{"<-", "->", "==", "!=", "<=", ">="} {
		if strings.HasPrefix(rest, s) {
			n = len(s)
		}
	}
	switch {
	case n == 1 && !strings.ContainsRune("(){}[]<>=,:.*&#@~+;-", r), n > 2, r == utf8.RuneError:
		fail(l.line, "unexpected character %q", r)
	case r == '{' && (l.braces > 0 || len(l.toks) > 0 && l.toks[len(l.toks)-1].text == "struct"):
		l.braces++
	case r == '}' && l.braces > 0:
		l.braces--
	}
	l.add(aSpecial, rest[:n])
	l.i += n
}

func isLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '_' || unicode.IsLetter(r) && r != utf8.RuneError
}

func isDigit(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

// numberEnd returns the length of the number that a text begins with, 0 if it does not.
func numberEnd(s string) int {
	i := 0
	if s != "" && s[0] == '-' {
		i++
	}
	if !isDigit(s, i) {
		return 0
	}
	digits := func() {
		for isDigit(s, i) {
			i++
		}
	}
	digits()
	if i < len(s) && s[i] == '.' && isDigit(s, i+1) {
		i++
		digits()
	}
	if i < len(s) && s[i] == 'e' {
		switch {
		case isDigit(s, i+1):
			i++
			digits()
		case i+1 < len(s) && (s[i+1] == '+' || s[i+1] == '-') && isDigit(s, i+2):
			i += 2
			digits()
		}
	}
	return i
}

// wordEnd returns the length of the name that a text begins with, 0 if it does not. The name of a method has
// parentheses around its receiver, which may stand behind the package or around it: m.(*T).F, (*m.T).F.
func wordEnd(s string) int {
	i := 0
	switch {
	case s == "":
		return 0
	case s[0] == '(':
		if i = group(s, 0, '(', ')'); i == 0 || i >= len(s) || s[i] != '.' || strings.ContainsAny(s[:i], " ,;{\"") {
			return 0
		}
	case !isLetter(s):
		return 0
	}
	for i < len(s) {
		n := wordPart(s, i)
		if n == 0 {
			break
		}
		i += n
	}
	return i
}

// wordPart returns the length of the part of a name at i, 0 if the name ends there.
func wordPart(s string, i int) int {
	more := i+1 < len(s) && (isLetter(s[i+1:]) || isDigit(s, i+1))
	switch c := s[i]; {
	case isDigit(s, i) || c == '\'' && i > 0:
		return 1
	case isLetter(s[i:]):
		_, n := utf8.DecodeRuneInString(s[i:])
		return n
	case strings.IndexByte("./$@#~-", c) >= 0 && more:
		return 1
	case c == '.' && i+1 < len(s) && s[i+1] == '(':
		if n := group(s, i+1, '(', ')'); n > 0 && !strings.ContainsAny(s[i+1:n], " ,;{\"") {
			return n - i
		}
	case c == '[' && i > 0 && s[:i] != "map" && (isLetter(s[i-1:]) || isDigit(s, i-1)):
		if n := group(s, i, '[', ']'); n > i+2 && !strings.ContainsAny(s[i:n], "\";") {
			return n - i
		}
	}
	return 0
}

// group returns the place behind the bracket that closes the one at i, 0 if there is none in the line.
func group(s string, i int, open, shut byte) int {
	depth := 0
	for ; i < len(s) && s[i] != '\n'; i++ {
		switch s[i] {
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}
