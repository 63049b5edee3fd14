package fix

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// A Patch is what the fixes of some findings change.
type Patch struct {
	Files   []Change // sorted by name
	Fixed   []report.Finding
	Skipped []Skipped
}

// A Change is the old and new content of a file.
type Change struct {
	Name     string
	Old, New []byte
}

// A Skipped finding has a fix that overlaps the one of another finding.
type Skipped struct {
	Finding, Other report.Finding
}

// edit is an edit of a file by offsets.
type edit struct {
	start, end int
	text       string
}

// taken is an edit that is applied, and the finding for which it is.
type taken struct {
	edit
	owner int
}

// NewPatch applies the first fix of each finding that has one, in their order. Files
// that were formatted are formatted again; in a file with carriage returns, new lines have them
// too. Read returns the content of a file. Nothing is written.
func NewPatch(fset *token.FileSet, findings []report.Finding, read func(name string) ([]byte, error)) (*Patch, error) {
	p := &Patch{}
	old := map[string][]byte{}
	all := map[string][]taken{}
	for i, f := range findings {
		if len(f.Fixes) == 0 {
			continue
		}
		edits := map[string][]edit{}
		for _, e := range f.Fixes[0].Edits {
			tok := fset.File(e.Pos)
			if tok == nil || fset.File(e.End) != tok || e.End < e.Pos {
				return nil, fmt.Errorf("internal error: the fix of %s has an edit that is not in a file; please report it", f.Posn)
			}
			name := tok.Name()
			if old[name] == nil {
				data, err := read(name)
				if err != nil {
					return nil, err
				}
				if len(data) != tok.Size() {
					return nil, fmt.Errorf("%s changed while it was analyzed", name)
				}
				old[name] = data
			}
			edits[name] = append(edits[name], edit{tok.Offset(e.Pos), tok.Offset(e.End), e.NewText})
		}
		owner, overlaps := conflict(all, edits)
		switch {
		case !overlaps:
			for name, es := range edits {
				for _, e := range es {
					all[name] = append(all[name], taken{e, i})
				}
			}
		case !slices.EqualFunc(f.Fixes[0].Edits, findings[owner].Fixes[0].Edits, sameEdit(fset)):
			p.Skipped = append(p.Skipped, Skipped{f, findings[owner]})
			continue
		}
		p.Fixed = append(p.Fixed, f)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		data, err := apply(name, old[name], all[name])
		if err != nil {
			return nil, err
		}
		p.Files = append(p.Files, Change{name, old[name], data})
	}
	return p, nil
}

// conflict returns the finding whose edits overlap the new ones: they replace the same text, or
// insert at the same place.
func conflict(all map[string][]taken, edits map[string][]edit) (owner int, overlaps bool) {
	owner = -1
	for name, es := range edits {
		for _, e := range es {
			for _, t := range all[name] {
				if (t.start < e.end && e.start < t.end || t.start == e.start) && (owner < 0 || t.owner < owner) {
					owner = t.owner
				}
			}
		}
	}
	return owner, owner >= 0
}

// sameEdit compares edits by file and offset: in the test variant of a package, a file
// has positions of its own.
func sameEdit(fset *token.FileSet) func(a, b report.Edit) bool {
	return func(a, b report.Edit) bool {
		return a.NewText == b.NewText && fset.PositionFor(a.Pos, false) == fset.PositionFor(b.Pos, false) &&
			fset.PositionFor(a.End, false) == fset.PositionFor(b.End, false)
	}
}

// apply returns the content of a file after the edits.
func apply(name string, old []byte, edits []taken) ([]byte, error) {
	slices.SortStableFunc(edits, func(a, b taken) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	crlf := bytes.Contains(old, []byte("\r\n"))
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		if e.start < at || e.end > len(old) {
			return nil, fmt.Errorf("internal error: edits of %s overlap; please report it", name)
		}
		out.Write(old[at:e.start])
		text := e.text
		if crlf {
			text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		}
		out.WriteString(text)
		at = e.end
	}
	out.Write(old[at:])
	data := out.Bytes()
	if formatted, err := format.Source(old); err == nil && bytes.Equal(formatted, old) {
		if data, err = format.Source(data); err != nil {
			return nil, errors.New(broken(name, err))
		}
	} else if _, err := parser.ParseFile(token.NewFileSet(), name, data, parser.SkipObjectResolution); err != nil {
		return nil, errors.New(broken(name, err))
	}
	return data, nil
}

func broken(name string, err error) string {
	return fmt.Sprintf("internal error: after its fixes, %s would be broken: %v; please report it", name, err)
}
