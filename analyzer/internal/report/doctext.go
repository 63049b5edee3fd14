package report

import (
	"go/parser"
	"go/token"
	"strings"
)

// Doc returns the documentation of a check, which stands in its doc.go under the
// heading "Analyzer NAME", as an analyzer's Doc: "name: summary", then the rest.
// It panics if there is none, at the start of the program.
func Doc(source, name string) string {
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", source, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil || f.Doc == nil {
		panic("lockcheck: internal error: doc.go of " + name + " has no comment")
	}
	_, rest, ok := strings.Cut(f.Doc.Text(), "# Analyzer "+name+"\n")
	if !ok {
		panic("lockcheck: internal error: doc.go of " + name + " does not document it")
	}
	return strings.TrimSpace(rest)
}

// DirectiveMessage words what is wrong with a directive.
func DirectiveMessage(d *Directive) string { return "lockcheck:ignore directive " + d.Bad }
