// Package checktest runs the corpus of a check, which is in testdata/src of its package.
//
// The folder "fixes" has files whose fixes are compared with golden ones; folders named to [Run] and
// [Weaker] are analyzed as with -all; all the others as users see them by default.
//
// What is expected is written as package analysistest of x/tools has it: a comment "want" with regular expressions
// for the messages on its line, a file .golden beside one that fixes change. That package itself cannot be used, since it
// analyzes the standard library, too, from source and for each run: its driver does so for any analyzer that has facts.
// Here the corpus is loaded once for all tests, with types only of the standard library, which is also what the engine
// sees of it under go vet. Facts of one package of the corpus reach another as they do there, through their encoding.
package checktest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/typetest"
)

// fixed is the folder whose files have golden ones.
const fixed = "fixes"

// Run runs all folders but those of fixes and the weaker ones.
func Run(t *testing.T, check *lockset.Check, weaker ...string) {
	t.Helper()
	t.Parallel()
	Pass(t, check.Analyzer(), weaker...)
}

// Pass is Run for a pass that is no check.
func Pass(t *testing.T, pass *analysis.Analyzer, weaker ...string) {
	t.Helper()
	c := load(t)
	for _, act := range c.analyze(t, pass, func(dir string) bool { return dir != fixed && !slices.Contains(weaker, dir) }) {
		compare(t, c, act)
	}
}

// Weaker checks what -all adds, and that it is not shown without.
func Weaker(t *testing.T, check *lockset.Check, weaker ...string) {
	t.Helper()
	t.Parallel()
	c := load(t)
	in := func(dir string) bool { return slices.Contains(weaker, dir) }
	for _, act := range c.analyze(t, check.Analyzer(), in) {
		for _, d := range act.Diagnostics {
			t.Errorf("without -all: %s: %s", c.tree.Fset.Position(d.Pos), d.Message)
		}
	}
	for _, act := range c.analyze(t, check.AllBands(), in) {
		compare(t, c, act)
	}
}

// Fixes compares what the fixes make of the files with their golden ones.
func Fixes(t *testing.T, check *lockset.Check) {
	t.Helper()
	t.Parallel()
	c := load(t)
	for _, act := range c.analyze(t, check.Analyzer(), func(dir string) bool { return dir == fixed }) {
		compare(t, c, act)
		compareFixes(t, c, act)
	}
}

// A corpus is the packages in testdata/src.
type corpus struct {
	tree *typetest.Tree
	root string
	pkgs []*packages.Package // as the driver of x/tools has them, with imports in the corpus only
}

var loadOnce = sync.OnceValues(func() (*corpus, error) {
	root, err := filepath.Abs(filepath.Join("testdata", "src"))
	if err != nil {
		return nil, err
	}
	tree, err := typetest.Load(os.DirFS(root), root)
	if err != nil {
		return nil, err
	}
	return newCorpus(tree, root), nil
})

// load loads the corpus of the package under test, once.
func load(t *testing.T) *corpus {
	t.Helper()
	c, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newCorpus(tree *typetest.Tree, root string) *corpus {
	c := &corpus{tree: tree, root: root}
	made := map[*typetest.Package]*packages.Package{}
	for _, p := range tree.Pkgs { // imports come before their importers
		q := &packages.Package{
			ID: p.Path, PkgPath: p.Path, Name: p.Types.Name(), Fset: tree.Fset, Syntax: p.Files, Types: p.Types, TypesInfo: p.Info,
			TypesSizes: typetest.Sizes(), Imports: map[string]*packages.Package{},
		}
		if p.Test {
			q.ID += " [test]"
		}
		for path, imp := range p.Imports {
			q.Imports[path] = made[imp]
		}
		made[p] = q
		c.pkgs = append(c.pkgs, q)
	}
	return c
}

// analyze runs a check on the packages in some of the corpus' folders, and on what they import. It returns one action
// for each package in the folders.
func (c *corpus) analyze(t reporter, check *analysis.Analyzer, in func(dir string) bool) []*checker.Action {
	t.Helper()
	var pkgs []*packages.Package
	for _, p := range c.pkgs {
		dir, _, _ := strings.Cut(p.PkgPath, "/")
		if in(strings.TrimSuffix(dir, "_test")) {
			pkgs = append(pkgs, p)
		}
	}
	if len(pkgs) == 0 {
		t.Errorf("no packages")
		return nil
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{check}, pkgs, &checker.Options{SanityCheck: true})
	if err != nil {
		t.Errorf("%v", err)
		return nil
	}
	var acts []*checker.Action
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Errorf("%s: %v", act.Package, act.Err)
			continue
		}
		acts = append(acts, act)
	}
	return acts
}

// A reporter is a *testing.T, or stands for one.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// name returns the name of a file, short.
func (c *corpus) name(file string) string {
	if rel, err := filepath.Rel(c.root, file); err == nil {
		return filepath.ToSlash(rel)
	}
	return file
}

// A line is one of a file.
type line struct {
	file string
	n    int
}

func (l line) String() string { return fmt.Sprintf("%s:%d", l.file, l.n) }

// compare compares what a check has reported in a package with the comments "want" of its files.
func compare(t reporter, c *corpus, act *checker.Action) {
	t.Helper()
	wants := map[line][]want{}
	for _, f := range act.Package.Syntax {
		for _, group := range f.Comments {
			for _, comment := range group.List {
				text, ok := wantText(comment.Text)
				if !ok {
					continue
				}
				at := c.at(act.Package, comment.Pos())
				list, delta, err := parseWants(text)
				if err != nil {
					t.Errorf("%s: in a comment want: %v", at, err)
					continue
				}
				at.n += delta
				wants[at] = append(wants[at], list...)
			}
		}
	}
	for _, d := range act.Diagnostics {
		at := c.at(act.Package, d.Pos)
		i := slices.IndexFunc(wants[at], func(w want) bool { return w.MatchString(d.Message) })
		if i < 0 {
			t.Errorf("%s: %s: not wanted: %s", act.Package.ID, at, d.Message)
			continue
		}
		wants[at] = slices.Delete(wants[at], i, i+1)
	}
	for _, at := range slices.SortedFunc(maps.Keys(wants), compareLines) {
		for _, w := range wants[at] {
			t.Errorf("%s: %s: nothing is reported that matches %s", act.Package.ID, at, w)
		}
	}
}
