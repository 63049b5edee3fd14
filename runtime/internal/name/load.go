package name

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	maxPackages = 8       // packages kept in memory
	maxSource   = 8 << 20 // bytes of source read for one package
	maxImports  = 4 << 20 // bytes of source read for what it imports
)

// A pkg is a package whose declarations are known. Bodies of functions are checked when a
// site in them is asked for.
type pkg struct {
	path, dir string
	tests     bool // _test.go files are part of it
	fset      *token.FileSet
	files     []*ast.File
	types     *types.Package
	info      *types.Info
	conf      *types.Config
	checker   *types.Checker

	imported map[string]*types.Package
	budget   int // bytes that may still be read for imports; negative if this package is itself an import

	decls  map[*types.Func]*ast.FuncDecl
	bodies map[ast.Decl]*body

	following map[types.Object]bool // variables and functions whose places are being found
	inCond    bool
	steps     int
}

var loaded []*pkg // least recently used first

// load returns the package of a file, or of dir alone if file is "".
func load(path, dir, clause string, tests bool) *pkg {
	for i, p := range loaded {
		if p.dir == dir && p.path == path && p.tests == tests {
			loaded = append(slices.Delete(loaded, i, i+1), p)
			return p
		}
	}
	p := read(path, dir, clause, tests, maxImports)
	if p == nil {
		return nil
	}
	if len(loaded) >= maxPackages {
		loaded = slices.Delete(loaded, 0, 1)
	}
	loaded = append(loaded, p)
	return p
}

// read reads the files of a directory which have the package clause ("" for that of the
// first file that is no test) and checks their declarations.
func read(path, dir, clause string, tests bool, budget int) *pkg {
	p := &pkg{
		path: path, dir: dir, tests: tests, budget: budget,
		fset:      token.NewFileSet(),
		imported:  map[string]*types.Package{},
		decls:     map[*types.Func]*ast.FuncDecl{},
		bodies:    map[ast.Decl]*body{},
		following: map[types.Object]bool{},
		info: &types.Info{
			Types:      map[ast.Expr]types.TypeAndValue{},
			Defs:       map[*ast.Ident]types.Object{},
			Uses:       map[*ast.Ident]types.Object{},
			Implicits:  map[ast.Node]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
		},
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	size := 0
	var own, test []*ast.File
	for _, e := range entries {
		name := e.Name()
		isTest := strings.HasSuffix(name, "_test.go")
		if !strings.HasSuffix(name, ".go") || isTest && !tests || !matchName(name) || name[0] == '_' || name[0] == '.' {
			continue
		}
		src, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !matchSource(src) {
			continue
		}
		if size += len(src); size > maxSource || budget < 0 && size > maxImports {
			return nil
		}
		f, _ := parser.ParseFile(p.fset, filepath.Join(dir, name), src, parser.SkipObjectResolution)
		if f == nil || f.Name == nil {
			continue
		}
		if clause == "" && !isTest && f.Name.Name != "documentation" {
			clause = f.Name.Name
		}
		switch {
		case f.Name.Name != clause:
		case isTest:
			test = append(test, f)
		default:
			own = append(own, f)
		}
	}
	p.files = append(own, test...) // the order in which they are compiled
	if len(p.files) == 0 {
		return nil
	}
	p.budget -= size
	p.conf = &types.Config{Error: func(error) {}, Importer: importer{p, p.typeNames()}, IgnoreFuncBodies: true, FakeImportC: true}
	p.types = types.NewPackage(path, clause)
	p.checker = types.NewChecker(p.conf, p.fset, p.types, p.info)
	_ = p.checker.Files(p.files) // what is wrong with it is for others to tell
	for _, f := range p.files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok {
				if fn, ok := p.info.Defs[fd.Name].(*types.Func); ok {
					p.decls[fn] = fd
				}
			}
		}
	}
	return p
}

// typeNames returns, by import path, the names that are surely used as types.
func (p *pkg) typeNames() map[string]map[string]bool {
	names := map[string]map[string]bool{}
	for _, f := range p.files {
		imports := importsOf(f)
		add := func(e ast.Expr) {
			for {
				switch x := e.(type) {
				case *ast.StarExpr:
					e = x.X
				case *ast.ArrayType:
					e = x.Elt
				case *ast.MapType:
					e = x.Value
				case *ast.Ellipsis:
					e = x.Elt
				case *ast.SelectorExpr:
					id, ok := x.X.(*ast.Ident)
					if !ok {
						return
					}
					path, ok := imports[id.Name]
					if !ok {
						return
					}
					if names[path] == nil {
						names[path] = map[string]bool{}
					}
					names[path][x.Sel.Name] = true
					return
				default:
					return
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.InterfaceType:
				return false // what is embedded there would have to be an interface
			case *ast.FuncType:
				if n.TypeParams != nil { // nor are constraints structs
					for _, list := range []*ast.FieldList{n.Params, n.Results} {
						if list != nil {
							for _, f := range list.List {
								add(f.Type)
							}
						}
					}
					return false
				}
			case *ast.Field:
				add(n.Type)
			case *ast.ValueSpec:
				add(n.Type)
			case *ast.CompositeLit:
				add(n.Type)
			case *ast.TypeAssertExpr:
				add(n.Type)
			}
			return true
		})
	}
	return names
}

// importsOf returns the import paths of a file by the name they have in it.
func importsOf(f *ast.File) map[string]string {
	m := map[string]string{}
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if spec.Name != nil {
			m[spec.Name.Name] = path
		} else {
			m[guessName(path)] = path
		}
	}
	return m
}

// guessName returns the package name that an import path suggests.
func guessName(p string) string {
	base := path.Base(p)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" && path.Dir(p) != "." {
		base = path.Base(path.Dir(p))
	}
	if i := strings.Index(base, ".v"); i > 0 {
		base = base[:i] // gopkg.in/yaml.v3
	}
	base = strings.TrimPrefix(base, "go-")
	return strings.ReplaceAll(base, "-", "_")
}

// An importer gives a package what it needs to know of those it imports.
type importer struct {
	p     *pkg
	names map[string]map[string]bool
}

func (i importer) Import(path string) (*types.Package, error) {
	if t := i.p.imported[path]; t != nil {
		return t, nil
	}
	t := fake(path)
	if t == nil {
		t = i.p.readImport(path)
	}
	if t == nil {
		t = opaque(path, i.names[path])
	}
	i.p.imported[path] = t
	return t, nil
}

// readImport reads an imported package of the same module, whose directory is certain.
// What that one imports in turn stays opaque.
func (p *pkg) readImport(path string) *types.Package {
	if p.budget <= 0 {
		return nil
	}
	dir := moduleOf(p.dir).dirIn(path)
	if dir == "" {
		return nil
	}
	q := read(path, dir, "", false, -1)
	if q == nil {
		return nil
	}
	p.budget += q.budget + 1
	return q.types
}
