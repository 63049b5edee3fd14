package whole

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/lockcheck/lockcheck/analyzer/internal/calls"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
)

// vtaTargets returns the targets of calls that are not static as golang.org/x/tools finds them.
func vtaTargets(fns []*ssa.Function) map[ssa.CallInstruction][]*ssa.Function {
	cg := vta.CallGraph(ssautil.AllFunctions(fns[0].Prog), nil)
	targets := map[ssa.CallInstruction][]*ssa.Function{}
	for _, n := range cg.Nodes {
		for _, e := range n.Out {
			if e.Site != nil && e.Site.Common().StaticCallee() == nil {
				targets[e.Site] = append(targets[e.Site], e.Callee.Func)
			}
		}
	}
	return targets
}

// A comparison is what is known of the targets of one program.
type comparison struct {
	sites, same     int
	missing, others []string // what only x/tools finds, and what only calls does
}

func compare(t *testing.T, o Options) comparison {
	t.Helper()
	prog, err := Load(o)
	if err != nil {
		t.Fatal(err)
	}
	fns, files := build(prog, &Result{})
	want := vtaTargets(fns)
	names := map[ssa.CallInstruction][]string{}
	for site, fns := range want {
		for _, fn := range fns {
			names[site] = append(names[site], normal(ssaName(fn)))
		}
		slices.Sort(names[site])
		names[site] = slices.Compact(names[site])
	}
	initial := map[string]bool{}
	for _, p := range prog.Pkgs {
		initial[p.PkgPath] = initial[p.PkgPath] || p.Initial
	}
	type place struct {
		fn *effects.Func
		at effects.V
	}
	var mu = make(chan struct{}, 1)
	sites := map[place]ssa.CallInstruction{}
	x := extract.New(extract.Input{Build: prog.builds(), Open: func(path string) bool { return initial[path] }, Fset: prog.Fset, Files: files, Site: func(site ssa.CallInstruction, f *effects.Func, v effects.V) {
		mu <- struct{}{}
		sites[place{f, v}] = site
		<-mu
	}})
	x.Add(fns)
	x.Extract()
	funcs := x.Funcs()
	calls.Resolve(funcs)
	var c comparison
	for _, p := range slices.SortedFunc(maps.Keys(sites), func(a, b place) int { return cmp.Or(cmp.Compare(a.fn.ID, b.fn.ID), cmp.Compare(a.at, b.at)) }) {
		var got []string
		for _, f := range p.fn.Targets[p.at] {
			got = append(got, normal(f.Name))
		}
		slices.Sort(got)
		got = slices.Compact(got)
		old := names[sites[p]]
		c.sites++
		if slices.Equal(got, old) {
			c.same++
			continue
		}
		pos := prog.Fset.Position(sites[p].Pos())
		at := fmt.Sprintf("%s:%d %s[%s]: ", pos.Filename, pos.Line, p.fn.Name, p.fn.Build)
		if p.fn.Generic {
			at = "GENERIC " + at
		}
		minus := func(a, b []string) []string {
			return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
		}
		if m := minus(old, got); len(m) > 0 {
			c.missing = append(c.missing, at+strings.Join(m, ", ")+fmt.Sprintf(" (of %d)", len(old)))
		}
		if m := minus(got, old); len(m) > 0 {
			c.others = append(c.others, at+strings.Join(m, ", ")+fmt.Sprintf(" (beside %d)", len(old)))
		}
	}
	return c
}

// ssaName returns the name of a function as effects have it.
func ssaName(fn *ssa.Function) string {
	top := fn
	for top.Parent() != nil {
		top = top.Parent()
	}
	literal := strings.TrimPrefix(fn.Name(), top.Name())
	if top == fn {
		literal = ""
	}
	if o := top.Origin(); o != nil {
		top = o
	}
	var pkg *types.Package
	if top.Pkg != nil {
		pkg = top.Pkg.Pkg
	} else if o := top.Object(); o != nil {
		pkg = o.Pkg()
	}
	if pkg == nil {
		return "." + top.RelString(nil) + literal
	}
	return pkg.Path() + "." + top.RelString(pkg) + literal
}

// normal returns the name of a function without what the receiver is: a method that is called through a pointer has a wrapper in SSA form only.
func normal(name string) string { return strings.ReplaceAll(name, "(*", "(") }

func TestTargetsOf(t *testing.T) {
	dir := os.Getenv("LC_DIR")
	c := compare(t, Options{Dir: dir, Tests: true || os.Getenv("LC_TESTS") != "", Patterns: strings.Fields(cmp.Or(os.Getenv("LC_PAT"), "./..."))})
	fmt.Println(c.sites, "sites,", c.same, "same,", len(c.missing), "with missing,", len(c.others), "with others")
	for _, m := range c.missing {
		fmt.Println("-", m)
	}
	for _, m := range c.others {
		fmt.Println("+", m)
	}
}
