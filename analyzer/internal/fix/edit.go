package fix

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// pos returns the position of an offset.
func (f *File) pos(offset int) token.Pos { return f.tok.Pos(offset) }

// line returns where the line of an offset starts, and where the next one does.
func (f *File) line(offset int) (start, next int) {
	start = strings.LastIndexByte(f.text[:offset], '\n') + 1
	if i := strings.IndexByte(f.text[offset:], '\n'); i >= 0 {
		return start, offset + i + 1
	}
	return start, len(f.text)
}

// indent returns the space that the line of pos begins with, and whether nothing else
// stands before pos.
func (f *File) indent(pos token.Pos) (space string, alone bool) {
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
		n := len(f.Body.List)
		if n == 0 {
			return report.Edit{Pos: brace, End: brace, NewText: " " + text + " "}
		}
		end := f.Body.List[n-1].End()
		return report.Edit{Pos: end, End: end, NewText: "; " + text}
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
func Replace(n ast.Node, text string) report.Edit {
	return report.Edit{Pos: n.Pos(), End: n.End(), NewText: text}
}

// Join returns the fix that makes some edits, which do not overlap.
func Join(message string, edits ...report.Edit) report.Fix {
	slices.SortStableFunc(edits, func(a, b report.Edit) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.End, b.End))
	})
	return report.Fix{Message: message, Edits: edits}
}

// One returns the list of a fix, if there is one.
func One(f report.Fix, ok bool) []report.Fix {
	if !ok {
		return nil
	}
	return []report.Fix{f}
}

// Move returns the edits that move a statement in front of another. The comments on its
// line stay where they are.
func (f *Func) Move(s, before Stmt) (_ []report.Edit, ok bool) {
	e, ok := f.Delete(s)
	if !ok {
		return nil, false
	}
	return []report.Edit{f.InsertBefore(before, f.Source(s.Stmt)), e}, true
}

// AppendComment returns the edit that puts a comment behind a node, at the end of its line. ok
// is false if the line does not end with the node.
func (f *File) AppendComment(n ast.Node, text string) (_ report.Edit, ok bool) {
	end := f.tok.Offset(n.End())
	if _, next := f.line(end); strings.TrimSpace(f.text[end:next]) != "" {
		return report.Edit{}, false
	}
	return report.Edit{Pos: n.End(), End: n.End(), NewText: " // " + text}, true
}

// Import returns the name by which the file knows a package, which is called as the last
// element of its path, and the edits that import it if need be. ok is false if the name means
// something else in the file.
func (f *File) Import(pkg *types.Package, path string) (name string, _ []report.Edit, ok bool) {
	for _, spec := range f.syntax.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != path {
			continue
		}
		switch {
		case spec.Name == nil:
			return path[strings.LastIndexByte(path, '/')+1:], nil, true
		case spec.Name.Name != "_" && spec.Name.Name != ".":
			return spec.Name.Name, nil, true
		}
	}
	name = path[strings.LastIndexByte(path, '/')+1:]
	used := pkg.Scope().Lookup(name) != nil
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name && id != f.syntax.Name {
			used = true
		}
		return !used
	})
	if used {
		return "", nil, false
	}
	text := strconv.Quote(path)
	for _, d := range f.syntax.Decls {
		if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.IMPORT && !isC(d) {
			if !d.Lparen.IsValid() { // its own declaration, in front of the first
				return name, []report.Edit{{Pos: d.Pos(), End: d.Pos(), NewText: "import " + text + "\n"}}, true
			}
			return name, []report.Edit{{Pos: d.Lparen + 1, End: d.Lparen + 1, NewText: "\n\t" + text}}, true
		}
	}
	end := f.syntax.Name.End()
	return name, []report.Edit{{Pos: end, End: end, NewText: "\n\nimport " + text}}, true
}

// Delete returns the edit that removes a statement: its lines, if nothing else is on
// them, and of two blank lines around them one; else the statement alone, so that
// comments stay. ok is false if it shares a line with another statement, or if its block would be left empty.
func (f *Func) Delete(s Stmt) (_ report.Edit, ok bool) {
	if block, isBlock := s.owner.(*ast.BlockStmt); isBlock && len(block.List) == 1 && block != f.Body {
		return report.Edit{}, false
	}
	return f.remove(s.Pos(), s.End(), s.open())
}

// deleteBoth returns the edits that remove two statements of one list; as one, if nothing is between them.
func (f *Func) deleteBoth(a, b Stmt) (_ []report.Edit, ok bool) {
	if a.index > b.index {
		a, b = b, a
	}
	if between := f.between(a.End(), b.Pos()); a.index+1 == b.index && strings.TrimSpace(between) == "" {
		e, ok := f.remove(a.Pos(), b.End(), a.open())
		return []report.Edit{e}, ok
	}
	first, ok := f.Delete(a)
	if !ok {
		return nil, false
	}
	second, ok := f.Delete(b)
	return []report.Edit{first, second}, ok
}

// between returns the text between two positions.
func (f *File) between(from, to token.Pos) string { return f.text[f.tok.Offset(from):f.tok.Offset(to)] }

// open returns the bracket in front of a statement, if that is the first of its list.
func (s Stmt) open() token.Pos {
	if s.index == 0 {
		return s.from
	}
	return token.NoPos
}

// remove returns the edit that removes what stands between two positions, as Delete does. Open is the bracket in
// front, if nothing else is between the two.
func (f *File) remove(pos, end, open token.Pos) (_ report.Edit, ok bool) {
	from, to := f.tok.Offset(pos), f.tok.Offset(end)
	start, _ := f.line(from)
	_, next := f.line(to)
	before, after := strings.TrimSpace(f.text[start:from]), strings.TrimSpace(f.text[to:next])
	switch {
	case before == "" && after == "":
		prev, _ := f.line(max(0, start-1))
		_, follow := f.line(min(next, len(f.text)))
		if blankAfter := strings.TrimSpace(f.text[next:follow]) == "" && follow > next; blankAfter {
			first := open.IsValid() && f.tok.Line(pos) == f.tok.Line(open)+1
			if first || start > 0 && strings.TrimSpace(f.text[prev:start]) == "" {
				next = follow
			}
		}
		return report.Edit{Pos: f.pos(start), End: f.pos(next)}, true
	case before == "" && isComment(after):
		for to < next && (f.text[to] == ' ' || f.text[to] == '\t') {
			to++
		}
		return report.Edit{Pos: pos, End: f.pos(to)}, true
	}
	return report.Edit{}, false
}

// isC reports whether a declaration imports cgo's package, whose comment must stay next to it.
func isC(d *ast.GenDecl) bool {
	return slices.ContainsFunc(d.Specs, func(s ast.Spec) bool {
		spec, ok := s.(*ast.ImportSpec)
		return ok && spec.Path.Value == `"C"`
	})
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
