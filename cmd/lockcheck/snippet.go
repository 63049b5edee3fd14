package main

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	tabWidth = 4
	maxWidth = 120 // longer lines are cut
)

// A snippet is one source line made fit to print, and the part to mark.
type snippet struct {
	text         string // without tabs, indentation kept
	start, width int    // of the mark, in cells
}

// newSnippet returns the snippet of a line for a span that starts in it. A span
// that ends in a later line is marked to the end of this one; where the end is
// unknown (not after the start), the call or name at the start is marked.
func newSnippet(line string, posn, end token.Position) (snippet, bool) {
	from := posn.Column - 1
	if from < 0 || from > len(line) {
		return snippet{}, false // the file has changed, or the position is a fiction
	}
	to := len(strings.TrimRightFunc(line, unicode.IsSpace))
	switch {
	case end.Line == posn.Line && end.Column > posn.Column:
		to = min(to, end.Column-1)
	case end.Line <= posn.Line:
		to = from + spanLen(line[from:])
	}

	start := cells(line[:from])
	s := snippet{text: printable(line), start: start}
	s.width = max(1, cells(line[:max(from, to)])-start)
	return s.cut(), true
}

// spanLen returns the length of the operand that src begins with: a chain of
// names and calls such as "s.mu.Lock()"; or else of the first token.
func spanLen(src string) int {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	var sc scanner.Scanner
	sc.Init(file, []byte(src), func(token.Position, string) {}, 0)
	next := func() (tok token.Token, end int) {
		pos, tok, lit := sc.Scan()
		if tok.IsOperator() && lit == "" {
			lit = tok.String()
		}
		return tok, file.Offset(pos) + len(lit)
	}

	tok, end := next()
	if tok != token.IDENT {
		return min(end, len(src))
	}
	for {
		tok, to := next()
		switch tok {
		case token.PERIOD:
			if tok, to = next(); tok != token.IDENT {
				return end
			}
		case token.LPAREN:
			for depth := 1; depth > 0; {
				switch tok, to = next(); tok {
				case token.LPAREN:
					depth++
				case token.RPAREN:
					depth--
				case token.EOF:
					return end
				}
			}
		default:
			return end
		}
		end = to
	}
}

// printable returns the line with tabs expanded and nothing in it that could
// move the cursor of a terminal.
func printable(line string) string {
	var b strings.Builder
	col := 0
	for _, r := range strings.TrimRightFunc(line, unicode.IsSpace) {
		switch {
		case r == '\t':
			n := tabWidth - col%tabWidth
			b.WriteString(strings.Repeat(" ", n))
			col += n
			continue
		case !unicode.IsPrint(r):
			r = '?'
		}
		b.WriteRune(r)
		col++
	}
	return b.String()
}

// cells returns the width of the text in a terminal, counting each character
// as one cell.
func cells(text string) int {
	col := 0
	for _, r := range text {
		if r == '\t' {
			col += tabWidth - col%tabWidth
		} else {
			col++
		}
	}
	return col
}

// cut shortens a long line to a window with the mark in it.
func (s snippet) cut() snippet {
	n := utf8.RuneCountInString(s.text)
	if n <= maxWidth {
		return s
	}
	const dots = "..."
	runes := []rune(s.text)
	left := max(0, min(s.start-maxWidth/3, n-maxWidth))
	right := left + maxWidth
	text := string(runes[left:min(right, n)])
	if left > 0 {
		text = dots + string(runes[left+len(dots):min(right, n)])
	}
	if right < n {
		text += dots
	}
	s.text = text
	s.start -= left
	s.width = max(1, min(s.width, maxWidth-s.start))
	return s
}
