package checktest

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"text/scanner"

	"golang.org/x/tools/go/packages"
)

// A want is the message of a finding.
type want struct{ *regexp.Regexp }

func (w want) String() string { return fmt.Sprintf("%#q", w.Regexp) }

// wantText returns what stands behind "want" at the start of a comment, or of a comment in a comment.
func wantText(comment string) (string, bool) {
	text, ok := strings.CutPrefix(comment, "//")
	if !ok {
		text = strings.TrimSuffix(strings.TrimPrefix(comment, "/*"), "*/")
	}
	if _, inner, ok := strings.Cut(text, "// want"); ok {
		return inner, true
	}
	return strings.CutPrefix(strings.TrimSpace(text), "want")
}

// parseWants parses "+N" and strings: the messages expected N lines further on, or on this line. Anything else is an
// error, so that no comment is taken for prose by mistake.
func parseWants(text string) (list []want, delta int, err error) {
	var failed error
	s := new(scanner.Scanner).Init(strings.NewReader(text))
	s.Mode = scanner.ScanIdents | scanner.ScanStrings | scanner.ScanRawStrings | scanner.ScanInts
	s.Error = func(_ *scanner.Scanner, msg string) { failed = errors.New(msg) }
	for {
		switch tok := s.Scan(); tok {
		case scanner.EOF:
			return list, delta, failed
		case '+':
			if s.Scan() != scanner.Int {
				return nil, 0, errors.New("no number behind +")
			}
			delta, _ = strconv.Atoi(s.TokenText())
		case scanner.String, scanner.RawString:
			pattern, err := strconv.Unquote(s.TokenText())
			if err != nil {
				return nil, 0, err
			}
			re, err := regexp.Compile(pattern)
			if err != nil {
				return nil, 0, err
			}
			list = append(list, want{re})
		default:
			return nil, 0, fmt.Errorf("%q is no string", s.TokenText())
		}
	}
}

// at returns the line of a position, by what //line comments say.
func (c *corpus) at(p *packages.Package, pos token.Pos) line {
	posn := p.Fset.Position(pos)
	return line{c.name(posn.Filename), posn.Line}
}

func compareLines(a, b line) int { return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.n, b.n)) }
