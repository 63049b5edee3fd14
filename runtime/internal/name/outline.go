package name

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// An outlined file, so that the many sites of one file do not parse it again and again.
type outlined struct {
	path   string
	clause string
	spans  []span
}

type span struct {
	first, last int
	decl        string
}

var outlines []*outlined // least recently used first

// outline returns the package clause of a file and the declarations at a line, as symbols
// spell them. The import path, without which a package cannot be loaded, depends on them.
func outline(path string, line int) (clause string, decls []string) {
	var o *outlined
	for _, x := range outlines {
		if x.path == path {
			o = x
		}
	}
	if o == nil {
		o = &outlined{path: path}
		fset := token.NewFileSet()
		f, _ := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if f == nil || f.Name == nil {
			return "", nil
		}
		o.clause = f.Name.Name
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok != token.VAR {
				continue
			}
			o.spans = append(o.spans, span{fset.Position(d.Pos()).Line, fset.Position(d.End()).Line, declName(d)})
		}
		if len(outlines) >= 64 {
			outlines = outlines[1:]
		}
		outlines = append(outlines, o)
	}
	for _, s := range o.spans {
		if s.first <= line && line <= s.last {
			decls = append(decls, s.decl)
		}
	}
	return o.clause, decls
}

// clauseOfTests returns the package clause of a directory's external tests.
func clauseOfTests(dir string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "*_test.go"))
	for _, file := range files {
		f, _ := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
		if f != nil && f.Name != nil && strings.HasSuffix(f.Name.Name, "_test") {
			return f.Name.Name
		}
	}
	return ""
}
