package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer"
)

const (
	repo       = "../.."
	modulePath = "github.com/lockcheck/lockcheck"
)

// TestDocs does what the Markdown files of the repository tell the reader to do. A
// fenced block says by its info string, of which a browser shows only the colours,
// what it is:
//
//	go FILE, text FILE    a file of the folder example, in which the commands run
//	console [DIR] [GO]    a session: what stands behind "$ " is run, in DIR, and must
//	                      print the lines that follow; "..." stands for any text
//	sh [DIR]              commands that must succeed, their output is not compared
//	yaml                  steps of a CI job; what stands behind "run: " must succeed
//
// GO is a version of Go (go1.26), with others the block is skipped. DIR is a subfolder of
// a temporary one: example (where sessions run if it is left out), clean (a module
// without findings), or what a block before has made. Any other block is an error.
// Nothing is downloaded: "git clone" copies this working tree, which is @latest, too.
func TestDocs(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs a shell")
	}
	files, err := filepath.Glob(repo + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, repo+"/README.md", repo+"/CONTRIBUTING.md") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			w := &walkthrough{t: t, dir: t.TempDir()}
			w.write("clean/go.mod", "module example.com/clean\n\ngo 1.26.0\n")
			w.write("clean/clean.go", "package clean\n")
			for _, b := range fencedBlocks(t, file) {
				w.block(b)
			}
		})
	}
}

// A walkthrough follows one file in a folder of its own.
type walkthrough struct {
	t   *testing.T
	dir string
	env []string // of commands; nil until the first
}

func (w *walkthrough) block(b fenced) {
	lang, args := b.info[0], b.info[1:]
	if n := len(args); n > 0 && strings.HasPrefix(args[n-1], "go1.") {
		if v := runtime.Version(); v != args[n-1] && !strings.HasPrefix(v, args[n-1]+".") {
			w.t.Logf("%s: skipped, since it is for %s", b, args[n-1])
			return
		}
		args = args[:n-1]
	}
	dir := "example"
	if lang == "sh" {
		dir = "."
	}
	switch {
	case (lang == "go" || lang == "text") && len(args) == 1:
		w.write(filepath.Join("example", args[0]), b.text)
		return
	case len(args) == 1:
		dir = args[0]
	case len(args) > 1:
		w.t.Fatalf("%s: what is %q?", b, b.info)
	}
	switch lang {
	case "console":
		w.console(b, dir)
	case "sh":
		if out, err := w.shell(dir, "set -e\n"+b.text); err != nil {
			w.t.Fatalf("%s: %v\n%s", b, err, out)
		}
	case "yaml":
		steps := regexp.MustCompile(`(?m)run: (.*)$`).FindAllStringSubmatch(b.text, -1)
		if len(steps) == 0 {
			w.t.Fatalf("%s: no steps", b)
		}
		for _, m := range steps {
			if out, err := w.shell("clean", m[1]); err != nil {
				w.t.Fatalf("%s: %s: %v\n%s", b, m[1], err, out)
			}
		}
	default:
		w.t.Fatalf("%s: what is %q? (see TestDocs)", b, b.info)
	}
}

// console runs the commands of a session and compares what the terminal shows.
func (w *walkthrough) console(b fenced, dir string) {
	var script strings.Builder
	for line := range strings.Lines(b.text) {
		if cmd, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "$ "); ok {
			// Print the line as it stands, leaving $? as it is.
			fmt.Fprintf(&script, "status=$?; printf '%%s\\n' '%s'; (exit $status)\n%s\n",
				strings.ReplaceAll("$ "+cmd, "'", `'\''`), cmd)
		}
	}
	got, err := w.shell(dir, script.String())
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		w.t.Fatalf("%s: %v", b, err)
	}
	want := strings.ReplaceAll(regexp.QuoteMeta(b.text), `\.\.\.`, "(?s:.*?)")
	if !regexp.MustCompile(`\A` + want + `\z`).MatchString(got) {
		w.t.Errorf("%s: the session is\n%s\nwant\n%s", b, got, b.text)
	}
}

// shell runs a script in a subfolder and returns what it prints.
func (w *walkthrough) shell(dir, script string) (string, error) {
	if w.env == nil {
		w.env = w.environment()
	}
	src, err := filepath.Abs(repo)
	if err != nil {
		return "", err
	}
	dir = filepath.Join(w.dir, dir)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	const prelude = `
git() {
	[ "$*" = "clone https://` + modulePath + `" ] || return 1
	mkdir lockcheck && (cd "$SRC" && tar cf - --exclude=.git .) | (cd lockcheck && tar xf -)
}
go() {
	[ "$*" = "test ./..." ] || command go "$@" # this is part of it
}
`
	cmd := exec.Command("sh", "-c", prelude+script)
	cmd.Dir = dir
	cmd.Env = append(w.env, "SRC="+src, "PWD="+dir)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// environment returns that of a machine on which lockcheck was never installed.
func (w *walkthrough) environment() []string {
	vars, err := goEnv()
	if err != nil {
		w.t.Fatal(err)
	}
	modcache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	w.proxy("v0.1.0")
	// What the docs do takes more of the modules than these tests: that is downloaded here, if it is not there.
	for _, args := range [][]string{{"mod", "download"}, {"list", "golang.org/x/tools/go/..."}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = repo
		if out, err := cmd.CombinedOutput(); err != nil {
			w.t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	download := filepath.Join(strings.TrimSpace(string(modcache)), "cache", "download")
	env := append(os.Environ(), vars...)
	return append(env,
		"GOBIN="+filepath.Join(w.dir, "bin"),
		"PATH="+filepath.Join(w.dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"),
		"GOMODCACHE="+filepath.Join(w.dir, "mod"),
		"GOPROXY="+fileURL(filepath.Join(w.dir, "proxy"))+","+fileURL(download),
		"GOSUMDB=off",
		// Without paths in it, what is built is found in the build cache next time.
		"GOFLAGS=-modcacherw -trimpath -buildvcs=false",
	)
}

func fileURL(path string) string { return "file://" + filepath.ToSlash(path) }

// proxy makes a module proxy that serves the working tree as a version.
func (w *walkthrough) proxy(version string) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	err := filepath.WalkDir(repo, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir() && path != repo && isModule(path):
			return fs.SkipDir // as the go command does
		case !d.Type().IsRegular():
			return nil
		}
		rel, err := filepath.Rel(repo, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := z.Create(modulePath + "@" + version + "/" + filepath.ToSlash(rel))
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		w.t.Fatal(err)
	}
	mod, err := os.ReadFile(repo + "/go.mod")
	if err != nil {
		w.t.Fatal(err)
	}
	at := "proxy/" + modulePath + "/@v/"
	w.write(at+"list", version+"\n")
	w.write(at+version+".info", `{"Version":"`+version+`"}`)
	w.write(at+version+".mod", string(mod))
	w.write(at+version+".zip", buf.String())
}

// isModule reports whether a folder is the root of a module.
func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func (w *walkthrough) write(name, text string) {
	name = filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		w.t.Fatal(err)
	}
}

// A fenced block of a Markdown file.
type fenced struct {
	file string
	line int
	info []string // what stands behind the fence
	text string
}

func (b fenced) String() string { return fmt.Sprintf("%s:%d", filepath.Base(b.file), b.line) }

func fencedBlocks(t *testing.T, file string) []fenced {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []fenced
	var in *fenced
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		info, fence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case fence && in != nil:
			blocks = append(blocks, *in)
			in = nil
		case fence:
			in = &fenced{file: file, line: n, info: strings.Fields(info)}
			if len(in.info) == 0 {
				t.Fatalf("%s: no info string", *in)
			}
		case in != nil:
			in.text += line
		}
	}
	if in != nil {
		t.Fatalf("%s: not closed", *in)
	}
	return blocks
}

// TestDocsComplete proves that nothing was forgotten.
func TestDocsComplete(t *testing.T) {
	readme := readFile(t, repo+"/README.md")
	for _, a := range analyzer.All() {
		row := fmt.Sprintf("| [%s](%s) | %s |", a.Name, a.URL, title(a))
		if !strings.Contains(readme, row) {
			t.Errorf("README.md lacks the row\n%s", row)
		}
	}
	schema := readFile(t, repo+"/docs/json.md")
	for _, typ := range []reflect.Type{reflect.TypeFor[jsonReport](), reflect.TypeFor[jsonFinding](), reflect.TypeFor[jsonStep](), reflect.TypeFor[jsonFix](), reflect.TypeFor[jsonEdit]()} {
		for field := range typ.Fields() {
			if name := field.Tag.Get("json"); !strings.Contains(schema, "| `"+name+"` |") {
				t.Errorf("docs/json.md lacks the field %s of %s", name, typ)
			}
		}
	}
	schema = readFile(t, repo+"/docs/guards.md")
	for _, typ := range []reflect.Type{reflect.TypeFor[jsonGuards](), reflect.TypeFor[jsonGuard](), reflect.TypeFor[jsonOrder](), reflect.TypeFor[jsonPlace]()} {
		for field := range typ.Fields() {
			if name := field.Tag.Get("json"); !strings.Contains(schema, "`"+name+"`") {
				t.Errorf("docs/guards.md lacks the field %s of %s", name, typ)
			}
		}
	}
}

// TestDocsLinks proves that relative links lead to files.
func TestDocsLinks(t *testing.T) {
	files, err := filepath.Glob(repo + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`)
	for _, file := range append(files, repo+"/README.md", repo+"/CONTRIBUTING.md") {
		for _, m := range link.FindAllStringSubmatch(readFile(t, file), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestDocsSizes holds the pages to their size.
func TestDocsSizes(t *testing.T) {
	for file, limit := range map[string]int{"docs/architecture.md": 90} {
		if n := strings.Count(readFile(t, filepath.Join(repo, file)), "\n"); n > limit {
			t.Errorf("%s has %d lines, more than the %d of a page", file, n, limit)
		}
	}
}
