package whole

import (
	"fmt"
	"go/ast"
	gobuild "go/build"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/lockcheck/lockcheck/analyzer/internal/calls"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/extract"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/internal/typetest"
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

// A difference is a target that only one of the two knows.
type difference struct {
	caller, target string
	ours           bool // we know it, and x/tools does not
	why            string
}

func (d difference) String() string {
	who := "x/tools"
	if d.ours {
		who = "calls"
	}
	return fmt.Sprintf("only %s: %s -> %s (%s)", who, d.caller, d.target, d.why)
}

// compare finds the targets in a program with x/tools and with package calls.
func compare(fset *token.FileSet, fns []*ssa.Function, files []*ast.File, build func(*types.Package) string, open func(string) bool) (sites int, ds []difference) {
	reached := ssautil.AllFunctions(fns[0].Prog)
	want := vtaTargets(fns)
	names := map[ssa.CallInstruction][]string{}
	for site, fns := range want {
		for _, fn := range fns {
			names[site] = append(names[site], normal(ssaName(fn)))
		}
	}
	type place struct {
		fn *effects.Func
		at effects.V
	}
	var mu sync.Mutex
	known := map[place]ssa.CallInstruction{}
	x := extract.New(extract.Input{Calls: true, Build: build, Open: open, Fset: fset, Files: files, Site: func(site ssa.CallInstruction, f *effects.Func, v effects.V) {
		mu.Lock()
		defer mu.Unlock()
		known[place{f, v}] = site
	}})
	x.Add(fns)
	x.Extract()
	calls.Resolve(x.Funcs(), nil)
	values := valuesIn(x.Units())
	for p, site := range known {
		var got []string
		for _, f := range p.fn.Targets[p.at] {
			got = append(got, normal(f.Name))
		}
		d := difference{caller: p.fn.Name}
		for _, d.target = range got {
			if slices.Contains(names[site], d.target) {
				continue
			}
			d.ours = true
			switch {
			case p.fn.Generic:
				d.why = "x/tools resolves nothing in generic functions"
			case !reached[site.Parent()]:
				d.why = "x/tools does not look at what nobody calls"
			default:
				d.why = ""
			}
			ds = append(ds, d)
		}
		for _, d.target = range names[site] {
			if slices.Contains(got, d.target) {
				continue
			}
			d.ours, d.why = false, ""
			if !values[d.target] {
				d.why = "no value has it"
			}
			ds = append(ds, d)
		}
	}
	slices.SortFunc(ds, func(a, b difference) int { return strings.Compare(a.String(), b.String()) })
	return len(known), slices.Compact(ds)
}

// valuesIn returns the functions that are values, and the methods of what is made an interface.
func valuesIn(units []*effects.Unit) map[string]bool {
	in := map[string]bool{}
	for _, u := range units {
		for _, b := range u.Boxed {
			for _, m := range b.Methods {
				if m.Fn != nil {
					in[normal(m.Fn.Name)] = true
				} else {
					in[normal(m.Pkg+"."+strings.Replace(m.Key, m.Pkg+".", "", 1))] = true
				}
			}
		}
		for _, f := range u.Funcs {
			for i := range f.Code {
				if v := &f.Code[i]; (v.Op == effects.FuncOf || v.Op == effects.Closure) && v.Fn != nil {
					in[normal(v.Fn.Name)] = true
				}
			}
		}
	}
	return in
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

// explained are the differences to x/tools of which the reason is not found by itself, by the target and, if it has others, too, the caller.
// What x/tools does not know, it misses; what only it knows does not happen.
var explained = map[string]string{
	"net/http/httputil.(*delegateReader).Read -> strings.(Reader).Read": "x/tools does not follow what is received with ok, as by range over a channel",

	"go/types.(*Checker).instantiatedType$2 -> go/types.(TypeParam).Obj":     noMethod,
	"net/http.(*transferWriter).probeRequestBody$1 -> strings.(Reader).Read": noMethod, // it is no io.ReadCloser
	"net/http/httputil.(*ReverseProxy).copyBuffer -> strings.(Reader).Read":  noMethod,
	"fixes.(failure).Error": noValue,
	"net/http.(http2priorityWriteSchedulerRFC9218).AdjustStream": noValue,
	"net/http.(http2priorityWriteSchedulerRFC9218).CloseStream":  noValue,
	"net/http.(http2priorityWriteSchedulerRFC9218).OpenStream":   noValue,
	"net/http.(http2priorityWriteSchedulerRFC9218).Pop":          noValue,
	"net/http.(http2priorityWriteSchedulerRFC9218).Push":         noValue,
	"net/http.(http2randomWriteScheduler).AdjustStream":          noValue,
	"net/http.(http2randomWriteScheduler).CloseStream":           noValue,
	"net/http.(http2randomWriteScheduler).OpenStream":            noValue,
	"net/http.(http2randomWriteScheduler).Pop":                   noValue,
	"net/http.(http2randomWriteScheduler).Push":                  noValue,
}

const (
	noMethod = "an assertion lets nothing through without the methods of the interface"
	noValue  = "only a function returns it of which nobody has the value, and x/tools lets all functions of a signature return to all calls of that"
)

// TestTargetsOfStd compares the targets of calls in a part of the standard library with those of golang.org/x/tools.
func TestTargetsOfStd(t *testing.T) {
	prog, err := Load(Options{Dir: filepath.Join(gobuild.Default.GOROOT, "src"), Patterns: strings.Fields("net/http net/http/httputil database/sql go/types os/exec log/slog")})
	if err != nil {
		t.Fatal(err)
	}
	initial := map[string]bool{}
	for _, p := range prog.Pkgs {
		initial[p.PkgPath] = initial[p.PkgPath] || p.Initial
	}
	b := newBuild(prog)
	b.mode = ssa.InstantiateGenerics // for x/tools
	var fns []*ssa.Function
	for some := range b.functions() {
		fns = append(fns, some...)
	}
	check(t, 1000, func() (int, []difference) {
		return compare(prog.Fset, fns, b.files, prog.builds(), func(path string) bool { return initial[path] })
	})
}

// TestTargetsOfCorpora does it for the sources by which the checks are tested.
func TestTargetsOfCorpora(t *testing.T) {
	roots, err := filepath.Glob("../../*/testdata/src")
	if err != nil || len(roots) < 5 {
		t.Fatal(roots, err)
	}
	for _, root := range roots {
		t.Run(filepath.Base(filepath.Dir(filepath.Dir(root))), func(t *testing.T) {
			tree, err := typetest.Load(os.DirFS(root), ".")
			if err != nil {
				t.Fatal(err)
			}
			p := ssatest.Program{Tree: tree}
			var files []*ast.File
			for _, pkg := range tree.Pkgs {
				files = append(files, pkg.Files...)
			}
			check(t, 0, func() (int, []difference) {
				return compare(tree.Fset, p.Functions(), files, nil, func(string) bool { return true })
			})
		})
	}
}

func check(t *testing.T, least int, compare func() (int, []difference)) {
	t.Helper()
	sites, ds := compare()
	if sites < least {
		t.Errorf("%d calls", sites)
	}
	for _, d := range ds {
		why := d.why
		if why == "" {
			if why = explained[d.caller+" -> "+d.target]; why == "" && !d.ours {
				why = explained[d.target]
			}
		}
		if why == "" {
			t.Error(d)
		}
	}
	t.Logf("%d calls, %d differences", sites, len(ds))
}
