package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/gcexportdata"
)

// The go command runs a vet tool on every dependency of the packages it vets,
// the standard library included, to let it leave facts behind ("VetxOnly").
// The engine describes the standard library by a model and wants no facts from
// it, so all that these runs have to leave is type information: a vetx file is
//
//	"vetx"  len(types) uint32  len(facts) uint32  types  facts
//
// with little-endian lengths; types is what gcexportdata.Write prints, without
// its first byte ('i'), and facts may be empty. A file without types, or an
// empty file, is refused by unitchecker when it vets an importer.
//
// Types do not depend on function bodies, so writeStdVetx
//
//  1. parses the files without resolving identifiers;
//  2. reads the types of an import only when the type checker asks for it;
//  3. type-checks the declarations, but no function body;
//  4. builds no SSA, runs no analyzer, and writes no facts.
//
// Whatever goes wrong on the way, unitchecker does the work instead, and words
// the error. The format is private to x/tools: the script test vet_std fails
// should it change.

// writeStdVetx writes the vetx file for the unit described by the file name,
// and reports whether it did. It does so only for a package of the standard
// library of which nothing but facts is wanted.
func writeStdVetx(name string) bool {
	cfg, err := readUnit(name)
	if err != nil || !cfg.VetxOnly || cfg.VetxOutput == "" || !inStd(cfg, os.Getenv("GOROOT")) {
		return false
	}
	// The heap of such a run is small and dies with it.
	debug.SetGCPercent(400)
	data, err := typesOnly(cfg)
	if err != nil {
		return false
	}
	return os.WriteFile(cfg.VetxOutput, data, 0o666) == nil
}

// readUnit reads a .cfg file of the go command.
func readUnit(name string) (*unitchecker.Config, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	cfg := new(unitchecker.Config)
	if err := json.Unmarshal(data, cfg); err != nil {
		return nil, err
	}
	return cfg, nil
}

// inStd reports whether the unit is a package of the standard library, which
// its configuration does not say: Standard lists its imports only, and a
// module is missing elsewhere too. The go command sets GOROOT for its tools.
func inStd(cfg *unitchecker.Config, goroot string) bool {
	if goroot == "" || cfg.ImportPath == "cmd" || strings.HasPrefix(cfg.ImportPath, "cmd/") {
		return false
	}
	return cfg.Dir == filepath.Join(goroot, "src", filepath.FromSlash(cfg.ImportPath))
}

// typesOnly returns the contents of a vetx file with the types of the unit and
// no facts.
func typesOnly(cfg *unitchecker.Config) ([]byte, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range cfg.GoFiles {
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	tc := &types.Config{
		Importer:         vetxImporter(cfg, fset),
		Sizes:            types.SizesFor("gc", build.Default.GOARCH),
		GoVersion:        cfg.GoVersion,
		IgnoreFuncBodies: true,
	}
	pkg, err := tc.Check(cfg.ImportPath, fset, files, nil)
	if err != nil {
		return nil, err
	}

	var exported bytes.Buffer
	if err := gcexportdata.Write(&exported, fset, pkg); err != nil {
		return nil, err
	}
	types, ok := bytes.CutPrefix(exported.Bytes(), []byte("i"))
	if !ok {
		return nil, errors.New("unknown export data format")
	}
	return encodeVetx(types, nil), nil
}

// vetxImporter returns an importer that takes types from the vetx files of the
// unit's dependencies.
func vetxImporter(cfg *unitchecker.Config, fset *token.FileSet) types.Importer {
	imports := make(map[string]*types.Package)
	return importerFunc(func(importPath string) (*types.Package, error) {
		path, ok := cfg.ImportMap[importPath]
		if !ok {
			return nil, fmt.Errorf("cannot resolve import %q", importPath)
		}
		if path == "unsafe" {
			return types.Unsafe, nil
		}
		if pkg := imports[path]; pkg != nil && pkg.Complete() {
			return pkg, nil
		}
		data, err := os.ReadFile(cfg.PackageVetx[path])
		if err != nil {
			return nil, err
		}
		exported, _, err := decodeVetx(data)
		if err != nil {
			return nil, err
		}
		return gcexportdata.Read(bytes.NewReader(append([]byte("i"), exported...)), fset, imports, path)
	})
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

const (
	vetxMagic  = "vetx"
	vetxHeader = len(vetxMagic) + 4 + 4
)

// encodeVetx returns a vetx file.
func encodeVetx(types, facts []byte) []byte {
	data := make([]byte, 0, vetxHeader+len(types)+len(facts))
	data = append(data, vetxMagic...)
	data = binary.LittleEndian.AppendUint32(data, uint32(len(types)))
	data = binary.LittleEndian.AppendUint32(data, uint32(len(facts)))
	data = append(data, types...)
	return append(data, facts...)
}

// decodeVetx splits a vetx file.
func decodeVetx(data []byte) (types, facts []byte, err error) {
	if len(data) < vetxHeader || string(data[:len(vetxMagic)]) != vetxMagic {
		return nil, nil, errors.New("not a vetx file")
	}
	t := uint64(binary.LittleEndian.Uint32(data[4:]))
	f := uint64(binary.LittleEndian.Uint32(data[8:]))
	data = data[vetxHeader:]
	if t+f > uint64(len(data)) {
		return nil, nil, errors.New("truncated vetx file")
	}
	return data[:t], data[t : t+f], nil
}
