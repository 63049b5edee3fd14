package report_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// known are the checks that directives can name.
var known = []string{"doublelock", "lockorder"}

func parse(t *testing.T, src string) *report.Directives {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return report.ParseDirectives(fset, []*ast.File{f})
}

// TestDirectiveForms puts one comment above a line and asks what it silences there.
func TestDirectiveForms(t *testing.T) {
	const both = "doublelock lockorder"
	tests := []struct {
		comment  string
		silences string // checks
		misused  string // what is wrong with it, if it is not used
	}{
		{"//lockcheck:ignore doublelock it is fine", "doublelock", "silences nothing"},
		{"//lockcheck:ignore doublelock,lockorder it is fine", both, "silences nothing"},
		{"//lockcheck:ignore\tlockorder\tit is fine", "lockorder", "silences nothing"},
		{"//lockcheck:ignore doublelock", "", "gives no reason"},
		{"//lockcheck:ignore", "", "names no check"},
		{"//lockcheck:ignore nosuch it is fine", "", "names nosuch"},
		{"//lockcheck:ignore doublelock,nosuch it is fine", "doublelock", "names nosuch"},
		{"// lockcheck:ignore doublelock a space makes it prose", "", ""},
		{"/* lockcheck:ignore doublelock nor is this one */", "", ""},
		{"//lint:ignore doublelock it is fine", "doublelock", ""},
		{"//lint:ignore SA1000,lockorder it is fine", "lockorder", ""},
		{"//lint:ignore lockcheck it is fine", both, ""},
		{"//lint:ignore doublelock", "", ""},
		{"//lint:ignore SA1000 it is fine", "", ""},
		{"//lint:file-ignore doublelock not known", "", ""},
		{"//nolint", both, ""},
		{"//nolint // it is fine", both, ""},
		{"//nolint:lockcheck", both, ""},
		{"//nolint:all", both, ""},
		{"//nolint:doublelock", "doublelock", ""},
		{"//nolint:errcheck,doublelock // it is fine", "doublelock", ""},
		{"//nolint:errcheck", "", ""},
		{"//nolinter", "", ""},
		{"// nolint:doublelock", "", ""},
	}
	for _, tt := range tests {
		src := "package p\n\nvar x = 1\n\n" + tt.comment + "\nvar y = 2\n"
		var silenced []string
		for _, check := range known {
			if parse(t, src).Suppresses(check, "p.go", 6) {
				silenced = append(silenced, check)
			}
		}
		if got := strings.Join(silenced, " "); got != tt.silences {
			t.Errorf("%s: silences %q, want %q", tt.comment, got, tt.silences)
		}

		var misused []string
		for _, d := range parse(t, src).Misused(known) {
			misused = append(misused, fmt.Sprintf("%d: %s", d.Posn.Line, d.Bad))
			if msg := report.DirectiveMessage(d); !strings.Contains(msg, d.Bad) || strings.Contains(msg, "\n") {
				t.Errorf("%s: message %q", tt.comment, msg)
			}
		}
		switch {
		case tt.misused == "" && misused != nil:
			t.Errorf("%s: %q", tt.comment, misused)
		case tt.misused != "" && (len(misused) != 1 || !strings.HasPrefix(misused[0], "5: "+tt.misused)):
			t.Errorf("%s: got %q, want %q", tt.comment, misused, tt.misused)
		}
	}
}

// TestDirectiveScope asks of every line of a file whether it is silenced.
func TestDirectiveScope(t *testing.T) {
	const src = `package p

//lockcheck:ignore doublelock above a line
var a = 1
var b = 2

var c = 3 //lockcheck:ignore doublelock behind a line
var d = 4

// F has a directive in its doc comment.
//
//lockcheck:ignore doublelock the function
//
// And more text.
func F() {
	_ = 1

	_ = 2
}

func G() {
	// Words,
	//lockcheck:ignore doublelock inside a longer comment
	// and more words.
	_ = 1
	_ = 2
}
`
	ds := parse(t, src)
	var got []int
	for line := range strings.Count(src, "\n") {
		if ds.Suppresses("doublelock", "p.go", line+1) {
			got = append(got, line+1)
		}
	}
	want := []int{3, 4, 7, 8, 12, 13, 14, 15, 16, 17, 18, 19, 23, 24, 25}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("expected (-), got (+):\n%s", diff)
	}
	if ds.Suppresses("doublelock", "q.go", 4) {
		t.Error("it holds in another file")
	}
	if m := ds.Misused(known); m != nil {
		t.Errorf("used directives are misused: %v", m)
	}
	if (*report.Directives)(nil).Suppresses("doublelock", "p.go", 4) {
		t.Error("no directives silence something")
	}
}

// TestDirectiveOrder checks that misused directives are in order of position.
func TestDirectiveOrder(t *testing.T) {
	var src strings.Builder
	src.WriteString("package p\n")
	for range 20 {
		src.WriteString("\n//lockcheck:ignore doublelock reason\nvar _ = 1\n")
	}
	ds := parse(t, src.String())
	ds.Suppresses("doublelock", "p.go", 4)
	last := 0
	got := ds.Misused(known)
	for _, d := range got {
		if d.Posn.Line <= last {
			t.Errorf("line %d after line %d", d.Posn.Line, last)
		}
		last = d.Posn.Line
	}
	if len(got) != 19 {
		t.Errorf("%d misused, want 19", len(got))
	}
}
