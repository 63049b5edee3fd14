package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// article has the classic races, each as a package that is wrong and one that is right.
const article = repo + "/testdata/article"

// TestArticle checks that each wrong package is reported, that its fix makes it the right one, and that the right
// one is not reported.
func TestArticle(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(article)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range articleFindings(t, dir) {
		got = append(got, filepath.Base(filepath.Dir(filepath.Dir(f.File)))+"/"+filepath.Base(filepath.Dir(f.File))+" "+f.Check)
	}
	want := []string{
		"balance/wrong unguarded", "cache/wrong unguarded", "handlers/wrong unguarded",
		"limiter/wrong unguarded", "logwriter/wrong unguarded",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("expected (-), found (+):\n%s", diff)
	}
	run([]string{"-C", dir, "-fix", "./..."}, &console{out: new(bytes.Buffer), err: new(bytes.Buffer)})
	for _, f := range articleFindings(t, dir) {
		t.Errorf("still reported: %s:%d: %s", f.File, f.Line, f.Message)
	}
	for _, name := range articleNames(t) {
		file := "/" + name + ".go"
		if diff := cmp.Diff(readFile(t, article+"/"+name+"/right"+file), readFile(t, dir+"/"+name+"/wrong"+file)); diff != "" {
			t.Errorf("%s: right (-), fixed (+):\n%s", name, diff)
		}
	}
}

func articleFindings(t *testing.T, dir string) []jsonFinding {
	t.Helper()
	var out, errs bytes.Buffer
	run([]string{"-C", dir, "-json", "./..."}, &console{out: &out, err: &errs})
	var r jsonReport
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || errs.Len() > 0 {
		t.Fatalf("%v; %s", err, errs.String())
	}
	return r.Findings
}

func articleNames(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(article)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestArticleRaces confirms by the race detector that the wrong packages race, and that the right ones do not.
func TestArticleRaces(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds with -race")
	}
	if out, err := exec.Command("go", "env", "CGO_ENABLED").Output(); err != nil || strings.TrimSpace(string(out)) != "1" {
		t.Skip("the race detector needs cgo")
	}
	// A run of all packages builds what they share once.
	cmd := exec.Command("go", "test", "-race", "-count=1", "-json", "./...")
	cmd.Dir = article
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GORACE=") })
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, _ := cmd.Output() // it fails
	texts, results := map[string]string{}, map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var event struct{ Package, Test, Action, Output string }
		if err := d.Decode(&event); err != nil {
			t.Fatalf("%v\n%s%s", err, out, &errs)
		}
		_, name, _ := strings.Cut(event.Package, "/article/")
		texts[name] += event.Output
		if event.Test == "" && event.Action != "output" {
			results[name] = event.Action
		}
	}
	for _, name := range articleNames(t) {
		for twin, result := range map[string]string{"wrong": "fail", "right": "pass"} {
			name := name + "/" + twin
			raced := strings.Contains(texts[name], "DATA RACE") || strings.Contains(texts[name], "concurrent map")
			if raced != (twin == "wrong") || results[name] != result {
				t.Errorf("%s: race %v, %q:\n%s%s", name, raced, results[name], texts[name], &errs)
			}
		}
	}
}
