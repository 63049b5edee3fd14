package dump

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf8"
)

// plain has the bytes that need no cleaning.
var plain = func() (t [256]bool) {
	for c := byte(' '); c < utf8.RuneSelf; c++ {
		t[c] = true
	}
	t['\t'] = true
	for _, c := range []byte("\\&<`\x7f") {
		t[c] = false
	}
	return t
}()

// clean takes away what terminals, browsers, chats and Markdown add to lines: colours,
// no-break spaces, links, bold print, escapes.
func clean(line []byte) []byte {
	if !needsCleaning(line) {
		return line
	}
	line = withoutControls(line)
	line = withoutEntities(line)
	line = withoutLinks(line)
	line = withoutEscapes(line)
	return unwrap(line)
}

func needsCleaning(line []byte) bool {
	if len(line) == 0 {
		return false
	}
	for _, c := range line {
		if !plain[c] {
			return true
		}
	}
	switch line[0] {
	case '*', '_', '~', '|':
		return true
	}
	return bytes.HasSuffix(line, []byte("[0m")) || bytes.Contains(line, []byte("]("))
}

// withoutControls drops escape sequences of terminals (ECMA-48) and other control
// characters, and puts the ASCII characters for which typography has others.
func withoutControls(line []byte) []byte {
	out := make([]byte, 0, len(line))
	for i := 0; i < len(line); {
		c := line[i]
		switch {
		case c == 0x1b:
			i += sequence(line[i:])
		case c < ' ' && c != '\t' || c == 0x7f:
			i++
		case c < utf8.RuneSelf:
			out = append(out, c)
			i++
		default:
			r, n := utf8.DecodeRune(line[i:])
			out = appendPlain(out, r, line[i:i+n])
			i += n
		}
	}
	// The escape character itself may have been lost.
	if rest, ok := bytes.CutSuffix(out, []byte("[0m")); ok {
		out = rest
		if i := bytes.IndexByte(out, 'm'); i > 0 && out[0] == '[' && len(bytes.Trim(out[1:i], "0123456789;")) == 0 {
			out = out[i+1:]
		}
	}
	return out
}

func appendPlain(out []byte, r rune, as []byte) []byte {
	switch {
	case r == 0xa0 || r == 0x202f || 0x2000 <= r && r <= 0x200a || r == 0x3000: // blanks
		return append(out, ' ')
	case r == 0xfeff || 0x200b <= r && r <= 0x200f || r == 0x2060 || r == 0xad: // without width
		return out
	case r == 0x2026: // an ellipsis
		return append(out, "..."...)
	}
	return append(out, as...)
}

// sequence returns the length of the escape sequence at the beginning.
func sequence(s []byte) int {
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case '[': // ends with a letter
		for i := 2; i < len(s); i++ {
			if '@' <= s[i] && s[i] <= '~' {
				return i + 1
			}
		}
		return len(s)
	case ']': // ends with BEL or ESC \
		for i := 2; i < len(s); i++ {
			if s[i] == 0x07 {
				return i + 1
			}
			if s[i] == 0x1b {
				return min(i+2, len(s))
			}
		}
		return len(s)
	}
	return 2
}

var entities = map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`, "apos": "'", "nbsp": " "}

// withoutEntities decodes the entities of HTML that stacks have.
func withoutEntities(line []byte) []byte {
	if bytes.IndexByte(line, '&') < 0 {
		return line
	}
	var out []byte
	for {
		before, rest, ok := bytes.Cut(line, []byte("&"))
		out = append(out, before...)
		if !ok {
			return out
		}
		line = rest
		name, after, ok := bytes.Cut(rest[:min(len(rest), 10)], []byte(";"))
		text := entities[string(name)]
		if digits, isNumber := bytes.CutPrefix(name, []byte("#")); isNumber {
			base := 10
			if hex, isHex := bytes.CutPrefix(digits, []byte("x")); isHex {
				digits, base = hex, 16
			}
			if n, err := strconv.ParseUint(string(digits), base, 8); err == nil && n >= ' ' && n < utf8.RuneSelf {
				text = string(rune(n))
			}
		}
		if !ok || text == "" {
			out = append(out, '&')
			continue
		}
		out = append(out, text...)
		line = rest[len(rest[:min(len(rest), 10)])-len(after):]
	}
}

// withoutLinks puts the texts of links for the links: Markdown's [text](https://...), also
// within a number, as +0x[22](https://...)7, and <https://...|text> of chats.
func withoutLinks(line []byte) []byte {
	for from := 0; ; {
		i := bytes.Index(line[from:], []byte("]("))
		if i < 0 {
			break
		}
		i += from
		from = i + 2
		open, end := bytes.LastIndexByte(line[:i], '['), 0
		if open >= 0 && isTarget(line[i+2:]) {
			end = closing(line[i+1:])
		}
		if end == 0 {
			continue
		}
		text := line[open+1 : i]
		line = slices.Concat(line[:open], text, line[i+1+end:])
		from = open + len(text)
	}
	for from := 0; ; {
		i := bytes.Index(line[from:], []byte("<http"))
		if i < 0 {
			return line
		}
		i += from
		from = i + 1
		bar := bytes.IndexByte(line[i:], '|')
		end := bytes.IndexByte(line[i:], '>')
		if bar > 0 && end > bar {
			line = slices.Concat(line[:i], line[i+bar+1:i+end], line[i+end+1:])
		}
	}
}

// isTarget reports whether this is where a link leads, not the arguments of a generic function.
func isTarget(s []byte) bool {
	for _, start := range []string{"http", "/", "#", "<", "file:", "mailto:"} {
		if bytes.HasPrefix(s, []byte(start)) {
			return true
		}
	}
	return false
}

// closing returns the length up to the parenthesis that closes the first one, or 0.
func closing(s []byte) int {
	depth := 0
	for i, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// withTabs puts tabulators for what loggers write for those at the beginning of a line.
func withTabs(line []byte) []byte {
	for _, tab := range []string{`\t`, "#011"} {
		for bytes.HasPrefix(line, []byte(tab)) {
			line = append([]byte("\t"), line[len(tab):]...)
		}
	}
	return line
}

// withoutEscapes drops backslashes before punctuation, which keep Markdown from its work.
func withoutEscapes(line []byte) []byte {
	if bytes.IndexByte(line, '\\') < 0 {
		return line
	}
	out := make([]byte, 0, len(line))
	for i, c := range line {
		if c == '\\' && i+1 < len(line) && bytes.IndexByte([]byte(`*_[](){}<>.+-#!|~`+"`"), line[i+1]) >= 0 {
			continue
		}
		out = append(out, c)
	}
	return out
}

// unwrap drops what makes a whole line bold, italic, code, or a row of a table.
func unwrap(line []byte) []byte {
	for {
		text := bytes.TrimSpace(line)
		inner := text
		for _, mark := range []string{"**", "__", "~~", "`", "*", "_", "|"} {
			if len(text) > 2*len(mark) && bytes.HasPrefix(text, []byte(mark)) && bytes.HasSuffix(text, []byte(mark)) {
				inner = text[len(mark) : len(text)-len(mark)]
				break
			}
		}
		if len(inner) == len(text) {
			return line
		}
		line = inner
	}
}
