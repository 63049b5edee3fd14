package analyzer_test

import (
	"crypto/rand"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// modules returns the modules of testdata/agree: name to files.
func modules(t *testing.T) map[string]map[string]string { return modulesIn(t, "agree") }

// modulesIn returns the modules of a folder of testdata.
func modulesIn(t *testing.T, dir string) map[string]map[string]string {
	t.Helper()
	names, err := filepath.Glob("../testdata/" + dir + "/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no modules: %v", err)
	}
	mods := map[string]map[string]string{}
	for _, name := range names {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, f := range ar.Files {
			files[f.Name] = string(f.Data)
		}
		mods[strings.TrimSuffix(filepath.Base(name), ".txtar")] = files
	}
	return mods
}

// TestAgree checks that the two drivers find the same, and what the want comments
// expect.
func TestAgree(t *testing.T) {
	tool := binary(t)
	for name, files := range modules(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := newDir(t)
			writeFiles(t, dir, files)
			whole := check(t, dir, "./...")
			vet := headlines(execute(t, dir, environ(), "go", "vet", "-vettool="+tool, "./...").errOut)
			command := headlines(execute(t, dir, environ(), tool, "./...").out)
			slices.Sort(whole)
			if diff := cmp.Diff(whole, vet); diff != "" {
				t.Errorf("whole program (-), go vet (+):\n%s", diff)
			}
			if diff := cmp.Diff(whole, command); diff != "" {
				t.Errorf("analyzer.Check (-), command (+):\n%s", diff)
			}
			for _, problem := range mismatches(t, files, whole) {
				t.Error(problem)
			}
		})
	}
}

// A first line of a finding. What go vet says of related positions has a tab.
var headline = regexp.MustCompile(`(?m)^(?:\./)?([^\s:#][^\s:]*:\d+:\d+: [^\t\n].*)$`)

// headlines returns the findings' first lines, sorted, without the ./ that go vet writes
// for files in the current folder.
func headlines(out string) []string {
	var lines []string
	for _, m := range headline.FindAllStringSubmatch(out, -1) {
		lines = append(lines, filepath.ToSlash(m[1]))
	}
	slices.Sort(lines)
	return lines
}

var (
	wantComment = regexp.MustCompile("// want((?: `[^`]*`)+)$")
	wantPattern = regexp.MustCompile("`[^`]*`")
)

// mismatches compares findings with the want comments in files.
func mismatches(t *testing.T, files map[string]string, findings []string) (problems []string) {
	t.Helper()
	type want struct {
		at string
		re *regexp.Regexp
	}
	var wants []want
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for i, line := range strings.Split(files[name], "\n") {
			m := wantComment.FindStringSubmatch(line)
			if m == nil {
				if strings.Contains(line, "// want `") {
					t.Fatalf("%s:%d: malformed want comment", name, i+1)
				}
				continue
			}
			for _, p := range wantPattern.FindAllString(m[1], -1) {
				wants = append(wants, want{fmt.Sprintf("%s:%d:", name, i+1), regexp.MustCompile(strings.Trim(p, "`"))})
			}
		}
	}
	for _, f := range findings {
		i := slices.IndexFunc(wants, func(w want) bool { return strings.HasPrefix(f, w.at) && w.re.MatchString(f) })
		if i < 0 {
			problems = append(problems, "not wanted: "+f)
			continue
		}
		wants = slices.Delete(wants, i, i+1)
	}
	for _, w := range wants {
		problems = append(problems, fmt.Sprintf("not found: %s %s", w.at, w.re))
	}
	return problems
}

// TestDeterminism checks that neither parallelism nor caches show in the output: all
// modules of TestAgree, and the deadlocks of TestGoKer, in one workspace.
func TestDeterminism(t *testing.T) {
	tool := binary(t)
	dir := newDir(t)
	work := "go 1.26.0\n"
	patterns := []string{}
	mods := modules(t)
	if files := gokerFiles(t); files != nil {
		mods["goker"] = files
	}
	for _, name := range slices.Sorted(maps.Keys(mods)) {
		writeFiles(t, filepath.Join(dir, name), mods[name])
		work += "use ./" + name + "\n"
		patterns = append(patterns, "./"+name+"/...")
	}
	writeFiles(t, dir, map[string]string{"go.work": work})

	for _, form := range []string{"text", "json", "all"} {
		t.Run(form, func(t *testing.T) {
			args := []string{tool}
			if form != "text" {
				args = append(args, "-"+form)
			}
			args = append(args, patterns...)
			one := execute(t, dir, environ("GOMAXPROCS=1"), args...)
			if strings.Count(one.out, "lockorder") < 10 || one.out == "" {
				t.Fatalf("hardly anything found:\n%s%s", one.out, one.errOut)
			}
			for range 2 {
				if diff := cmp.Diff(one, execute(t, dir, environ("GOMAXPROCS=4"), args...), cmp.AllowUnexported(run{})); diff != "" {
					t.Errorf("GOMAXPROCS=1 (-), GOMAXPROCS=4 (+):\n%s", diff)
				}
			}
		})
	}
	for _, form := range []string{"text", "json"} {
		t.Run("vet/"+form, func(t *testing.T) {
			var outs []string
			for _, p := range []string{"-p=1", "-p=8"} {
				args := []string{"go", "vet", p, "-vettool=" + uncached(t, tool), "-json=" + fmt.Sprint(form == "json")}
				r := execute(t, dir, environ(), append(args, patterns...)...)
				outs = append(outs, sortBlocks(r.out+r.errOut, form == "json"))
			}
			if strings.Count(outs[0], "lockorder") < 10 {
				t.Fatalf("hardly anything found:\n%s", outs[0])
			}
			if diff := cmp.Diff(outs[0], outs[1]); diff != "" {
				t.Errorf("-p=1 (-), -p=8 (+):\n%s", diff)
			}
		})
	}
}

// uncached returns a copy of the tool for which the go command has no results in its
// cache. They go by a hash of the file, and a program does not mind bytes at its end.
func uncached(t *testing.T, tool string) string {
	t.Helper()
	data, err := os.ReadFile(tool)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(newDir(t), filepath.Base(tool))
	if err := os.WriteFile(name, append(data, rand.Text()...), 0o777); err != nil {
		t.Fatal(err)
	}
	return name
}

// sortBlocks sorts what go vet prints: as JSON by package, since packages come in the
// order in which they are done; as text by finding, since in Go 1.26 the go command
// prints the checks of a package in the order of a map.
func sortBlocks(out string, json bool) string {
	start := headline
	if json {
		start = regexp.MustCompile(`(?m)^\{`)
	}
	at := start.FindAllStringIndex(out, -1)
	if len(at) == 0 {
		return out
	}
	var blocks []string
	for i := range at {
		end := len(out)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		blocks = append(blocks, out[at[i][0]:end])
	}
	slices.Sort(blocks)
	return out[:at[0][0]] + strings.Join(blocks, "")
}
