package fix

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// pos returns the position of an offset.
func (f *file) pos(offset int) token.Pos { return f.tok.Pos(offset) }

// line returns where the line of an offset starts, and where the next one does.
func (f *file) line(offset int) (start, next int) {
	start = strings.LastIndexByte(f.text[:offset], '\n') + 1
	if i := strings.IndexByte(f.text[offset:], '\n'); i >= 0 {
		return start, offset + i + 1
	}
	return start, len(f.text)
}

// indent returns the space that the line of pos begins with, and whether nothing else
// stands before pos.
func (f *file) indent(pos token.Pos) (space string, alone bool) {
	offset := f.tok.Offset(pos)
	start, _ := f.line(offset)
	before := f.text[start:offset]
	trimmed := strings.TrimLeft(before, " \t")
	return before[:len(before)-len(trimmed)], trimmed == ""
}

// InsertBefore returns the edit that puts statements before another.
func (f *Func) InsertBefore(s Stmt, texts ...string) report.Edit {
	sep := "; "
	if space, alone := f.indent(s.Pos()); alone {
		sep = "\n" + space
	}
	return report.Edit{Pos: s.Pos(), End: s.Pos(), NewText: strings.Join(texts, sep) + sep}
}

// InsertAfter returns the edit that puts a statement behind another, before any
// comment on its line. A comment that ends the line stays with the first.
func (f *Func) InsertAfter(s Stmt, text string) report.Edit {
	space, alone := f.indent(s.Pos())
	end := f.tok.Offset(s.End())
	_, next := f.line(end)
	rest := strings.TrimSpace(f.text[end:next])
	switch {
	case !alone:
		return report.Edit{Pos: s.End(), End: s.End(), NewText: "; " + text}
	case strings.HasPrefix(rest, "//") && strings.HasSuffix(f.text[:next], "\n"):
		return report.Edit{Pos: f.pos(next), End: f.pos(next), NewText: space + text + "\n"}
	}
	return report.Edit{Pos: s.End(), End: s.End(), NewText: "\n" + space + text}
}

// InsertAtEnd returns the edit that makes a statement the last of the function.
func (f *Func) InsertAtEnd(text string) report.Edit {
	brace := f.Body.Rbrace
	space, alone := f.indent(brace)
	if !alone {
		sep := "; "
		if len(f.Body.List) == 0 {
			sep = " "
		}
		return report.Edit{Pos: brace, End: brace, NewText: sep + text + " "}
	}
	inner := space + "\t"
	if n := len(f.Body.List); n > 0 {
		if s, ok := f.indent(f.Body.List[n-1].Pos()); ok {
			inner = s
		}
	}
	start, _ := f.line(f.tok.Offset(brace))
	return report.Edit{Pos: f.pos(start), End: f.pos(start), NewText: inner + text + "\n"}
}

// Replace returns the edit that puts text in the place of a node.
func (f *Func) Replace(n ast.Node, text string) report.Edit {
	return report.Edit{Pos: n.Pos(), End: n.End(), NewText: text}
}

// Delete returns the edit that removes a statement: its lines, if nothing else is on
// them, and of two blank lines around them one; else the statement alone, so that
// comments stay. ok is false if it shares a line with another statement, or if its block would be left empty.
func (f *Func) Delete(s Stmt) (_ report.Edit, ok bool) {
	if block, isBlock := s.owner.(*ast.BlockStmt); isBlock && len(block.List) == 1 && block != f.Body {
		return report.Edit{}, false
	}
	from, to := f.tok.Offset(s.Pos()), f.tok.Offset(s.End())
	start, _ := f.line(from)
	_, next := f.line(to)
	before, after := strings.TrimSpace(f.text[start:from]), strings.TrimSpace(f.text[to:next])
	switch {
	case before == "" && after == "":
		prev, _ := f.line(max(0, start-1))
		_, follow := f.line(min(next, len(f.text)))
		if blankAfter := strings.TrimSpace(f.text[next:follow]) == "" && follow > next; blankAfter {
			first := s.index == 0 && f.tok.Line(s.Pos()) == f.tok.Line(s.from)+1
			if first || start > 0 && strings.TrimSpace(f.text[prev:start]) == "" {
				next = follow
			}
		}
		return report.Edit{Pos: f.pos(start), End: f.pos(next)}, true
	case before == "" && isComment(after):
		for to < next && (f.text[to] == ' ' || f.text[to] == '\t') {
			to++
		}
		return report.Edit{Pos: s.Pos(), End: f.pos(to)}, true
	}
	return report.Edit{}, false
}

// isComment reports whether there is nothing but comments in the rest of a line.
func isComment(rest string) bool {
	for {
		block, ok := strings.CutPrefix(rest, "/*")
		if !ok {
			return rest == "" || strings.HasPrefix(rest, "//")
		}
		if _, rest, ok = strings.Cut(block, "*/"); !ok {
			return false
		}
		rest = strings.TrimSpace(rest)
	}
}
