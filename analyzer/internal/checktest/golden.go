package checktest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"maps"
	"os"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/txtar"
)

// An edit is one of a file, by offsets.
type edit struct {
	start, end int
	text       string
}

// compareFixes applies the fixes of a package's findings, and compares each file that they change with the golden one.
// A golden file is what all fixes make of it, or an archive with a section for each message of a fix. Imports that are
// not needed any more are not removed: whoever applies a fix does that.
func compareFixes(t reporter, c *corpus, act *checker.Action) {
	t.Helper()
	byFile := fixes(act)
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		old, err := c.tree.ReadFile(file)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		golden, err := os.ReadFile(file + ".golden")
		if err != nil {
			t.Errorf("%s: %v", act.Package.ID, err)
			continue
		}
		if ar := txtar.Parse(golden); len(ar.Files) > 0 {
			for _, section := range ar.Files {
				compareFile(t, c.name(file)+": "+section.Name, old, section.Data, byFile[file][section.Name])
			}
			continue
		}
		var all [][]edit
		for _, message := range slices.Sorted(maps.Keys(byFile[file])) {
			all = append(all, byFile[file][message]...)
		}
		compareFile(t, c.name(file), old, golden, all)
	}
}

// fixes returns the edits of each fix, by file and message. Nobody can mend generated files.
func fixes(act *checker.Action) map[string]map[string][][]edit {
	generated := map[*token.File]bool{}
	for _, f := range act.Package.Syntax {
		generated[act.Package.Fset.File(f.FileStart)] = ast.IsGenerated(f)
	}
	out := map[string]map[string][][]edit{}
	for _, d := range act.Diagnostics {
		for _, fix := range d.SuggestedFixes {
			edits := map[string][]edit{}
			inGenerated := false
			for _, e := range fix.TextEdits {
				f := act.Package.Fset.File(e.Pos)
				edits[f.Name()] = append(edits[f.Name()], offsets(f, e))
				inGenerated = inGenerated || generated[f]
			}
			if inGenerated {
				continue
			}
			for name, es := range edits {
				if out[name] == nil {
					out[name] = map[string][][]edit{}
				}
				out[name][fix.Message] = append(out[name][fix.Message], es)
			}
		}
	}
	return out
}

func offsets(f *token.File, e analysis.TextEdit) edit {
	return edit{f.Offset(e.Pos), f.Offset(e.End), string(e.NewText)}
}

// compareFile compares what fixes make of a file with what they should.
func compareFile(t reporter, name string, old, golden []byte, fixes [][]edit) {
	t.Helper()
	data, err := apply(old, fixes)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if golden, err = format.Source(golden); err != nil {
		t.Errorf("%s.golden: %v", name, err)
		return
	}
	if diff := gocmp.Diff(strings.TrimSpace(string(golden)), strings.TrimSpace(string(data))); diff != "" {
		t.Errorf("%s: golden (-), after the fixes (+):\n%s", name, diff)
	}
}

// apply returns a file after some fixes, formatted. What two fixes want alike is done once.
func apply(old []byte, fixes [][]edit) ([]byte, error) {
	edits := slices.Concat(fixes...)
	if len(edits) == 0 {
		return nil, errors.New("no fixes")
	}
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	edits = slices.Compact(edits)
	var out bytes.Buffer
	at := 0
	for i, e := range edits {
		if e.start < at || i > 0 && e.start == edits[i-1].start && e.end == edits[i-1].end {
			return nil, fmt.Errorf("two fixes change the text at %d", e.start)
		}
		out.Write(old[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(old[at:])
	return format.Source(out.Bytes())
}
