package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// MakeAtomic returns the fix that makes the field or variable at pos one of a type of sync/atomic, and rewrites
// all its uses. Seen are the positions at which it is known to be used; ok is false if one of them is not found, as
// that of a literal without names is, or if any use is not simple.
func (s *Sources) MakeAtomic(f *Func, pos token.Pos, seen []token.Pos) (_ report.Fix, ok bool) {
	v, _ := f.object(pos)
	if v == nil || v.Exported() || v.Embedded() || atomicName(v) == "" || atomicName(v) == "Pointer" {
		return report.Fix{}, false
	}
	if !f.allows("go1.19") {
		return report.Fix{}, false
	}
	r := &rewrite{sources: s, pkg: f.Pkg, v: v, found: map[token.Pos]bool{}, calls: map[*File]int{}}
	for _, file := range s.packageFiles(f.Pkg) {
		if !r.file(file) {
			return report.Fix{}, false
		}
	}
	if r.typ == nil || mentionedElsewhere(s.fset, v, s.packageFiles(f.Pkg)) ||
		v.IsField() && slices.ContainsFunc(seen, func(p token.Pos) bool { return !r.found[p] }) {
		return report.Fix{}, false
	}
	decl := s.File(r.typ.Pos())
	name, edits, ok := decl.Import(f.Pkg, atomicPath)
	if !ok {
		return report.Fix{}, false
	}
	edits = append(append(edits, r.edits...), Replace(r.typ, name+"."+atomicName(v)))
	drops, ok := s.spare(v, decl, r.calls)
	if edits = append(edits, drops...); !ok || overlap(edits) {
		return report.Fix{}, false
	}
	s.importOf(decl).needed = true
	for file, n := range r.calls {
		s.importOf(file).calls[v] = n
		if file != decl && n == file.atomicUses() {
			s.importOf(file).dropped = v
		}
	}
	return Join("Make "+v.Name()+" an atomic."+atomicName(v), edits...), true
}

// atomicImport is what the fixes that were offered, which may all be applied, do with the import of sync/atomic in one
// file.
type atomicImport struct {
	needed  bool               // something that needs it is added
	dropped *types.Var         // the import is removed with the last use
	calls   map[*types.Var]int // uses that are removed, by the fix of a variable
}

func (s *Sources) importOf(f *File) *atomicImport {
	if s.atomic[f] == nil {
		s.atomic[f] = &atomicImport{calls: map[*types.Var]int{}}
	}
	return s.atomic[f]
}

// spare returns the edits that remove imports of sync/atomic which are not needed without the calls for a variable.
// ok is false if one would be wrong, or missing, after other fixes have been applied as well.
func (s *Sources) spare(v *types.Var, decl *File, calls map[*File]int) (edits []report.Edit, ok bool) {
	if d := s.importOf(decl).dropped; d != nil {
		return nil, false
	}
	for file, n := range calls {
		im, uses := s.importOf(file), file.atomicUses()
		all := n
		for other, m := range im.calls {
			if other != v {
				all += m
			}
		}
		switch {
		case file == decl || all < uses:
		case n < uses && !im.needed:
			return nil, false // with the other fixes the import is not needed, and none removes it
		case n == uses && im.needed:
			return nil, false
		case n == uses:
			e, ok := file.dropImport()
			if !ok {
				return nil, false
			}
			edits = append(edits, e)
		}
	}
	return edits, true
}

// packageFiles returns the files of a package, by name.
func (s *Sources) packageFiles(pkg *types.Package) []*ast.File {
	var out []*ast.File
	for _, f := range s.syntax {
		if pkg.Scope().Innermost(f.Name.Pos()) != nil {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b *ast.File) int {
		return strings.Compare(s.fset.Position(a.Package).Filename, s.fset.Position(b.Package).Filename)
	})
	return out
}

type rewrite struct {
	sources *Sources
	pkg     *types.Package
	v       *types.Var
	typ     ast.Expr // of the declaration
	edits   []report.Edit
	found   map[token.Pos]bool
	calls   map[*File]int // calls of sync/atomic that are rewritten
}

// file rewrites the uses in one file; it reports false if one is not simple.
func (r *rewrite) file(syntax *ast.File) bool {
	ok := true
	var stack []ast.Node
	ast.Inspect(syntax, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if id, is := n.(*ast.Ident); is && ok && id.Name == r.v.Name() && len(stack) > 0 {
			path := slices.Clone(stack)
			slices.Reverse(path)
			ok = r.ident(syntax, id, path)
		}
		stack = append(stack, n)
		return true
	})
	return ok
}

func (r *rewrite) ident(syntax *ast.File, id *ast.Ident, path []ast.Node) bool {
	if id.Pos() == r.v.Pos() {
		return r.declared(path)
	}
	switch p := path[0].(type) {
	case *ast.Field:
		if slices.Contains(p.Names, id) {
			return true
		}
	case *ast.FuncDecl, *ast.LabeledStmt, *ast.BranchStmt, *ast.TypeSpec:
		return true
	case *ast.KeyValueExpr:
		if p.Key == id {
			return r.foreignKey(path)
		}
	case *ast.SelectorExpr:
		if p.Sel == id && !r.v.IsField() {
			return true
		}
	}
	if sel, ok := path[0].(*ast.SelectorExpr); r.v.IsField() && (!ok || sel.Sel != id) {
		return true // a variable of that name
	}
	tok := r.sources.fset.File(id.Pos())
	bare := &File{fset: r.sources.fset, syntax: syntax, tok: tok}
	v, u := bare.resolve(r.pkg, id, path)
	if u.node == nil {
		_, sel := path[0].(*ast.SelectorExpr)
		return !sel || v != nil || bare.qualified(path[0])
	}
	if v != r.v {
		return true
	}
	file := r.sources.File(id.Pos())
	if file == nil {
		return false
	}
	u.file = file
	edits, ok := u.method(atomicName(v), signed(v))
	if !ok {
		return false
	}
	if form, _ := u.form(); form == call {
		r.calls[file]++
	}
	r.found[id.Pos()] = true
	r.edits = append(r.edits, edits...)
	return true
}

// qualified reports whether a selector is that of an imported package.
func (f *File) qualified(n ast.Node) bool {
	x, ok := n.(*ast.SelectorExpr).X.(*ast.Ident)
	return ok && slices.ContainsFunc(f.syntax.Imports, func(s *ast.ImportSpec) bool {
		return s.Name != nil && s.Name.Name == x.Name || strings.HasSuffix(strings.Trim(s.Path.Value, `"`), x.Name)
	})
}

// foreignKey reports whether a key of a literal is certainly not the field.
func (r *rewrite) foreignKey(path []ast.Node) bool {
	lit, ok := path[1].(*ast.CompositeLit)
	if !ok || lit.Type == nil {
		return false
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	if types.CheckExpr(r.sources.fset, r.pkg, lit.Type.Pos(), lit.Type, info) != nil {
		return false
	}
	st, ok := info.Types[lit.Type].Type.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Origin() == r.v {
			return false
		}
	}
	return true
}

// declared notes the declaration, if it is of this name alone, with a type and without a value.
func (r *rewrite) declared(path []ast.Node) bool {
	switch d := path[0].(type) {
	case *ast.Field:
		if _, ok := path[2].(*ast.StructType); ok && len(d.Names) == 1 {
			r.typ = d.Type
		}
	case *ast.ValueSpec:
		if len(d.Names) == 1 && len(d.Values) == 0 {
			r.typ = d.Type
		}
	}
	return r.typ != nil && r.sources.File(r.typ.Pos()) != nil
}

// atomicUses counts the uses of package sync/atomic in a file.
func (f *File) atomicUses() int {
	name, n := f.atomicImport(), 0
	ast.Inspect(f.syntax, func(node ast.Node) bool {
		if sel, ok := node.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == name {
				n++
			}
		}
		return true
	})
	return n
}

// dropImport returns the edit that removes the import of sync/atomic, if it has a line of its own.
func (f *File) dropImport() (report.Edit, bool) {
	for _, s := range f.syntax.Imports {
		if s.Path.Value != `"`+atomicPath+`"` {
			continue
		}
		start, next := f.line(f.tok.Offset(s.Pos()))
		if line := strings.TrimSpace(f.text[start:next]); line == f.Source(s) || line == "import "+f.Source(s) {
			return report.Edit{Pos: f.pos(start), End: f.pos(next)}, true
		}
	}
	return report.Edit{}, false
}

// mentionedElsewhere reports whether a test file, or a file of the folder that is not among those, has the name of
// a variable in it: files of other build tags cannot be checked, and the tests are not part of every run.
func mentionedElsewhere(fset *token.FileSet, v types.Object, files []*ast.File) bool {
	dir := filepath.Dir(fset.Position(v.Pos()).Filename)
	known := map[string]bool{}
	for _, f := range files {
		known[filepath.Base(fset.Position(f.Package).Filename)] = true
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return true
	}
	name := regexp.MustCompile(`\b` + regexp.QuoteMeta(v.Name()) + `\b`)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || known[e.Name()] && !strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		if data, err := os.ReadFile(filepath.Join(dir, e.Name())); err != nil || name.Match(data) {
			return true
		}
	}
	return false
}
