package report

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// A Directive is one comment that silences findings.
type Directive struct {
	Pos    token.Pos
	Posn   token.Position
	Checks []string // nil: all
	Bad    string   // why it has no effect; "" if it is well formed
	First  int      // lines of its file for which it holds
	Last   int
	ours   bool // written for lockcheck, so reported if unused
	used   bool
}

// Directives are the directives of some files.
type Directives struct {
	byFile map[string][]*Directive
}

// ParseDirectives reads the directives of files.
func ParseDirectives(fset *token.FileSet, files []*ast.File) *Directives {
	ds := &Directives{byFile: map[string][]*Directive{}}
	for _, f := range files {
		docs := map[*ast.CommentGroup]*ast.FuncDecl{}
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Doc != nil {
				docs[fd.Doc] = fd
			}
		}
		for _, g := range f.Comments {
			for _, c := range g.List {
				d := parseDirective(c.Text)
				if d == nil {
					continue
				}
				d.Pos, d.Posn = c.Pos(), fset.Position(c.Pos())
				d.First, d.Last = d.Posn.Line, fset.Position(g.End()).Line+1
				if fd := docs[g]; fd != nil {
					d.Last = fset.Position(fd.End()).Line
				}
				ds.byFile[d.Posn.Filename] = append(ds.byFile[d.Posn.Filename], d)
			}
		}
	}
	return ds
}

const ignorePrefix = "//lockcheck:ignore"

// isDirective reports whether a comment is one of ours: the prefix, then the end or space.
func isDirective(text string) bool {
	rest, ok := strings.CutPrefix(text, ignorePrefix)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

func parseDirective(text string) *Directive {
	switch {
	case isDirective(text):
		rest := strings.TrimPrefix(text, ignorePrefix)
		fields := strings.Fields(rest)
		d := &Directive{ours: true}
		if len(fields) == 0 {
			d.Bad = "names no check; write //lockcheck:ignore check reason"
			return d
		}
		d.Checks = strings.Split(fields[0], ",")
		if len(fields) == 1 {
			d.Bad = "gives no reason; write //lockcheck:ignore check reason"
		}
		return d
	case strings.HasPrefix(text, "//lint:ignore "):
		fields := strings.Fields(strings.TrimPrefix(text, "//lint:ignore "))
		if len(fields) < 2 {
			return nil
		}
		return foreign(strings.Split(fields[0], ","))
	case strings.HasPrefix(text, "//nolint"):
		rest := strings.TrimPrefix(text, "//nolint")
		if rest == "" || rest[0] == ' ' {
			return &Directive{}
		}
		if rest[0] != ':' {
			return nil
		}
		names, _, _ := strings.Cut(rest[1:], " ")
		return foreign(strings.Split(names, ","))
	}
	return nil
}

// foreign makes a directive of another tool's form. It may name checks of other tools only.
func foreign(names []string) *Directive {
	d := &Directive{}
	for _, n := range names {
		n = strings.TrimSpace(n)
		if n == "lockcheck" || n == "all" {
			return &Directive{}
		}
		d.Checks = append(d.Checks, n)
	}
	return d
}

// Suppresses reports whether a directive silences the check at a line.
func (ds *Directives) Suppresses(check, file string, line int) bool {
	if ds == nil {
		return false
	}
	hit := false
	for _, d := range ds.byFile[file] {
		if d.Bad == "" && d.First <= line && line <= d.Last && (d.Checks == nil || slices.Contains(d.Checks, check)) {
			d.used = true
			hit = true
		}
	}
	return hit
}

// Misused returns the directives of ours that are malformed, name no check of known, or have silenced nothing, in
// order of position, with what is wrong.
func (ds *Directives) Misused(known []string) []*Directive {
	var out []*Directive
	for _, list := range ds.byFile {
		for _, d := range list {
			if !d.ours {
				continue
			}
			if i := slices.IndexFunc(d.Checks, func(c string) bool { return !slices.Contains(known, c) }); i >= 0 {
				d.Bad = "names " + d.Checks[i] + ", which is not a check"
			}
			if d.Bad == "" && !d.used {
				d.Bad = "silences nothing"
			}
			if d.Bad != "" {
				out = append(out, d)
			}
		}
	}
	slices.SortFunc(out, func(a, b *Directive) int { return ComparePosn(a.Posn, b.Posn) })
	return out
}
