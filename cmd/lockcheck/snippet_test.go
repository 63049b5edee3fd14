package main

import (
	"go/token"
	"strings"
	"testing"
)

func TestNewSnippet(t *testing.T) {
	at := func(line, col int) token.Position { return token.Position{Line: line, Column: col} }
	none := token.Position{}
	for _, test := range []struct {
		name, line string
		col        int
		end        token.Position
		text, mark string
	}{
		{"known end", "\ts.mu.Lock()", 2, at(1, 6), "    s.mu.Lock()", "    ^^^^"},
		{"call", "\ts.mu.Lock() // c", 2, none, "    s.mu.Lock() // c", "    ^^^^^^^^^^^"},
		{"method", "s.mu.Lock()", 6, none, "s.mu.Lock()", "     ^^^^^^"},
		{"chain", "a(b(c), ')').d(e).f + g", 1, none, "a(b(c), ')').d(e).f + g", "^^^^^^^^^^^^^^^^^^^"},
		{"open call", "\tgo f(func() {", 5, none, "    go f(func() {", "       ^"},
		{"keyword", "return s.x", 1, none, "return s.x", "^^^^^^"},
		{"operator", "<-ch", 1, none, "<-ch", "^^"},
		{"later end", "go func() {  ", 1, at(3, 2), "go func() {", "^^^^^^^^^^^"},
		{"inner tab", "x\ty\tz", 5, none, "x   y   z", "        ^"},
		{"not ASCII", `s := "é"; mu.Lock()`, 12, none, `s := "é"; mu.Lock()`, "          ^^^^^^^^^"},
		{"escape", "x // \x1b[31m", 1, none, "x // ?[31m", "^"},
		{"end of line", "abc", 4, none, "abc", "   ^"},
		{"end too far", "abc", 2, at(1, 99), "abc", " ^^"},
	} {
		s, ok := newSnippet(test.line, at(1, test.col), test.end)
		mark := strings.Repeat(" ", s.start) + strings.Repeat("^", s.width)
		if !ok || s.text != test.text || mark != test.mark {
			t.Errorf("%s:\n%s\n%s\nwant:\n%s\n%s", test.name, s.text, mark, test.text, test.mark)
		}
	}
	if _, ok := newSnippet("abc", at(1, 5), none); ok {
		t.Error("a position after the line has a snippet")
	}
	if _, ok := newSnippet("abc", none, none); ok {
		t.Error("no position has a snippet")
	}
}

func TestLongLine(t *testing.T) {
	pad := strings.Repeat("a ", 200)
	line := pad + "mu.Lock() " + pad
	s, ok := newSnippet(line, token.Position{Line: 1, Column: len(pad) + 1}, token.Position{})
	if !ok || s.text[s.start:s.start+s.width] != "mu.Lock()" {
		t.Errorf("the mark is at the wrong place: %+v", s)
	}
	if len(s.text) > maxWidth+3 || !strings.HasPrefix(s.text, "...") || !strings.HasSuffix(s.text, "...") {
		t.Errorf("the line is cut badly: %s", s.text)
	}
}

// FuzzNewSnippet: no line and no position may make it panic, or mark what is
// not there.
func FuzzNewSnippet(f *testing.F) {
	f.Add("\ts.mu.Lock()", 2, 1, 0)
	f.Add("a(b.(", 1, 2, 1)
	f.Add(strings.Repeat("é\t", 100), 150, 0, 0)
	f.Fuzz(func(t *testing.T, line string, col, endLine, endCol int) {
		s, ok := newSnippet(line, token.Position{Line: 1, Column: col}, token.Position{Line: endLine, Column: endCol})
		if ok && (s.start < 0 || s.width < 1 || strings.ContainsAny(s.text, "\x1b\n\t")) {
			t.Errorf("newSnippet(%q, %d, %d:%d) = %+v", line, col, endLine, endCol, s)
		}
	})
}
