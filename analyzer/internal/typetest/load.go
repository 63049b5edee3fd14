package typetest

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// A Package is a type-checked package, or the variant of one that its tests make.
type Package struct {
	Path    string // the folder in the tree; with _test for an external test
	Test    bool   // there are files of tests in it
	Files   []*ast.File
	Types   *types.Package
	Info    *types.Info
	Imports map[string]*Package // packages of the tree that it imports, by import path
}

// A Tree is the packages of a tree.
type Tree struct {
	Fset *token.FileSet
	Pkgs []*Package // dependencies first

	sources map[string][]byte // by name
}

// ReadFile returns the content of a file by its name in Fset.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	if data, ok := t.sources[name]; ok {
		return data, nil
	}
	return nil, fs.ErrNotExist
}

// Package returns the package of that path, without tests; nil if there is none.
func (t *Tree) Package(path string) *Package {
	for _, p := range t.Pkgs {
		if p.Path == path && !p.Test {
			return p
		}
	}
	return nil
}

// Source type-checks a string. Each section "-- p/q.go --" of it is a file of the package whose import path is p.
// A string without sections is the file p/p.go.
func Source(src string) (*Tree, error) {
	ar := txtar.Parse([]byte(src))
	if len(ar.Files) == 0 {
		ar.Files = []txtar.File{{Name: "p/p.go", Data: []byte(src)}}
	}
	fsys, err := txtar.FS(ar)
	if err != nil {
		return nil, err
	}
	return Load(fsys, "")
}

// Load type-checks all packages of a tree of folders, in which an import path is that of a folder. The names of
// files begin with root. An error of any package is an error.
func Load(fsys fs.FS, root string) (*Tree, error) {
	l := &loader{
		Tree: Tree{Fset: token.NewFileSet(), sources: map[string][]byte{}},
		fsys: fsys, root: root, dirs: map[string]*dir{}, done: map[string]*Package{},
	}
	l.std = Std(l.Fset)
	if err := l.parse(); err != nil {
		return nil, err
	}
	if err := find(l.outside()...); err != nil {
		return nil, err
	}
	for _, path := range slices.Sorted(maps.Keys(l.dirs)) {
		l.dir(path)
	}
	return &l.Tree, errors.Join(l.errs...)
}

// A dir is the files of a folder.
type dir struct {
	files, tests, external []*ast.File
}

type loader struct {
	Tree
	fsys fs.FS
	root string
	std  types.Importer
	dirs map[string]*dir
	done map[string]*Package // packages without tests; nil while one is type-checked
	errs []error
}

// parse parses the files that the go command would compile.
func (l *loader) parse() error {
	ctx := build.Default
	ctx.CgoEnabled = false
	ctx.JoinPath = path.Join
	ctx.OpenFile = func(name string) (io.ReadCloser, error) { return l.fsys.Open(name) }
	return fs.WalkDir(l.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".go" {
			return err
		}
		folder := path.Dir(name)
		if ok, err := ctx.MatchFile(folder, path.Base(name)); err != nil || !ok {
			return err
		}
		data, err := fs.ReadFile(l.fsys, name)
		if err != nil {
			return err
		}
		full := filepath.Join(l.root, filepath.FromSlash(name))
		f, err := parser.ParseFile(l.Fset, full, data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		l.sources[full] = data
		if l.dirs[folder] == nil {
			l.dirs[folder] = new(dir)
		}
		l.dirs[folder].add(name, f)
		return nil
	})
}

func (d *dir) add(name string, f *ast.File) {
	switch {
	case !strings.HasSuffix(name, "_test.go"):
		d.files = append(d.files, f)
	case strings.HasSuffix(f.Name.Name, "_test"):
		d.external = append(d.external, f)
	default:
		d.tests = append(d.tests, f)
	}
}

// imports returns the paths that files import.
func imports(files []*ast.File) []string {
	paths := map[string]bool{}
	for _, f := range files {
		for _, spec := range f.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				paths[path] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// outside returns the imports of all packages that are not in the tree.
func (l *loader) outside() []string {
	var files []*ast.File
	for _, d := range l.dirs {
		files = append(files, slices.Concat(d.files, d.tests, d.external)...)
	}
	return slices.DeleteFunc(imports(files), func(path string) bool { return l.dirs[path] != nil })
}

// dir type-checks the packages of a folder, and returns the one without tests.
func (l *loader) dir(path string) *Package {
	if p, ok := l.done[path]; ok {
		if p == nil {
			l.errs = append(l.errs, fmt.Errorf("import cycle through %s", path))
		}
		return p
	}
	l.done[path] = nil
	d := l.dirs[path]
	var p *Package
	if len(d.files) > 0 {
		p = l.check(path, d.files, nil)
	}
	l.done[path] = p
	tested := p
	if len(d.tests) > 0 {
		tested = l.check(path, slices.Concat(d.files, d.tests), nil)
		tested.Test = true
	}
	if len(d.external) > 0 {
		x := l.check(path+"_test", d.external, tested)
		x.Test = true
	}
	return p
}

// check type-checks a package. Imports of the path of tested are of tested.
func (l *loader) check(path string, files []*ast.File, tested *Package) *Package {
	p := &Package{Path: path, Files: files, Imports: map[string]*Package{}, Info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}}
	for _, im := range imports(files) {
		switch {
		case tested != nil && im == tested.Path:
			p.Imports[im] = tested
		case l.dirs[im] != nil:
			if q := l.dir(im); q != nil {
				p.Imports[im] = q
			}
		}
	}
	conf := &types.Config{
		Importer: importerFunc(func(path string) (*types.Package, error) {
			if q := p.Imports[path]; q != nil {
				return q.Types, nil
			}
			if path == "unsafe" {
				return types.Unsafe, nil
			}
			return l.std.Import(path)
		}),
		Sizes: Sizes(),
		Error: func(err error) { l.errs = append(l.errs, err) },
	}
	p.Types, _ = conf.Check(path, l.Fset, files, p.Info)
	l.Pkgs = append(l.Pkgs, p)
	return p
}

// Sizes are those of types in what Load has loaded.
func Sizes() types.Sizes { return types.SizesFor("gc", runtime.GOARCH) }

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }
