package report_test

import (
	"go/token"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

func TestFunc(t *testing.T) {
	tests := []struct{ full, from, want string }{
		{"example.com/bank.Open", "example.com/bank", "Open"},
		{"example.com/bank.Open", "example.com/audit", "bank.Open"},
		{"example.com/bank.Open", "example.com/ban", "bank.Open"},
		{"example.com/bank.(*Account).Deposit", "example.com/bank", "(*Account).Deposit"},
		{"example.com/bank.(*Account).Deposit", "example.com/audit", "(*bank.Account).Deposit"},
		{"example.com/bank.(Account).Balance", "example.com/bank", "(Account).Balance"},
		{"example.com/bank.(Account).Balance", "example.com/audit", "(bank.Account).Balance"},
		{"example.com/bank.init", "example.com/bank", "init"},
		{"example.com/bank/sub.F", "example.com/bank", "sub.F"},
		{"example.com/v2.1/bank.Open", "example.com/v2", "bank.Open"},
		{"gopkg.in/yaml.v3.Marshal", "example.com/audit", "yaml.v3.Marshal"},
		{"gopkg.in/yaml.v3.(*Decoder).Decode", "gopkg.in/yaml.v3", "(*Decoder).Decode"},
		{"main.main", "main", "main"},
		{"fmt.Println", "main", "fmt.Println"},
		{"main.main$1", "main", "func literal in main"},
		{"main.main$1$2", "main", "func literal in main"},
		{"example.com/bank.(*Account).Deposit$1", "example.com/bank", "func literal in (*Account).Deposit"},
		{"example.com/bank.(*Account).Deposit$1", "example.com/audit", "func literal in (*bank.Account).Deposit"},
		{"example.com/box.(*Box[T]).Get", "example.com/box", "(*Box[T]).Get"},
		{"example.com/box.(*Box[T]).Get", "example.com/user", "(*box.Box[T]).Get"},
		{"example.com/box.(*Box[example.com/user.V]).Get", "example.com/box", "(*Box[example.com/user.V]).Get"},
	}
	for _, tt := range tests {
		if got := report.Func(tt.full, tt.from); got != tt.want {
			t.Errorf("Func(%q, %q) = %q, want %q", tt.full, tt.from, got, tt.want)
		}
	}
}

func TestAt(t *testing.T) {
	for _, file := range []string{"/src/bank/account.go", "account.go", `C:\src\bank\account.go`} {
		if got, want := report.At(lockgraph.Frame{File: file, Line: 7, Col: 3}), "account.go:7"; got != want {
			t.Errorf("At(%q) = %q, want %q", file, got, want)
		}
	}
}

func TestTrace(t *testing.T) {
	f := lockgraph.Frame{Func: "example.com/p.F", File: "/p/p.go", Line: 3}
	g := lockgraph.Frame{Func: "example.com/p.(*T).G", File: "/p/p.go", Line: 13}
	h := lockgraph.Frame{Func: "example.com/q.H$1", File: "/q/q.go", Line: 23}
	tests := []struct {
		frames []lockgraph.Frame
		mode   lockgraph.Mode
		suffix string
		want   []report.TraceStep
	}{
		{[]lockgraph.Frame{f}, lockgraph.Write, "", []report.TraceStep{{f, "F locks t.mu at p.go:3"}}},
		{[]lockgraph.Frame{f}, lockgraph.Read, " while x is held", []report.TraceStep{{f, "F read-locks t.mu at p.go:3 while x is held"}}},
		{[]lockgraph.Frame{f, g}, lockgraph.Write, ", for writing", []report.TraceStep{{f, "F calls (*T).G, which locks t.mu at p.go:13, for writing"}}},
		{[]lockgraph.Frame{f, g, h}, lockgraph.Read, "", []report.TraceStep{
			{f, "F calls (*T).G"}, {g, "(*T).G calls func literal in q.H, which read-locks t.mu at q.go:23"},
		}},
		{nil, lockgraph.Write, "", nil},
	}
	for _, tt := range tests {
		got := report.Trace(tt.frames, "t.mu", tt.mode, "example.com/p", tt.suffix)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%d frames: expected (-), got (+):\n%s", len(tt.frames), diff)
		}
	}
}

func TestModes(t *testing.T) {
	got := []string{
		report.Locks(lockgraph.Write), report.Locked(lockgraph.Write), report.Held(lockgraph.Write),
		report.Locks(lockgraph.Read), report.Locked(lockgraph.Read), report.Held(lockgraph.Read),
	}
	if diff := cmp.Diff([]string{"locks", "locked", "held", "read-locks", "read-locked", "read-held"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestBandOf(t *testing.T) {
	for confidence, want := range map[int]report.Band{
		100: report.Error, 60: report.Error, 59: report.Warning, 30: report.Warning, 29: report.Note, 1: report.Note,
	} {
		f := report.Finding{Confidence: confidence}
		if got := f.Band(); got != want {
			t.Errorf("%d is %s, want %s", confidence, got, want)
		}
	}
}

func TestFingerprint(t *testing.T) {
	a := report.Fingerprint("doublelock", "F", "mu")
	if len(a) != 16 || a != report.Fingerprint("doublelock", "F", "mu") {
		t.Errorf("got %s", a)
	}
	if a == report.Fingerprint("doublelock", "Fmu") || a == report.Fingerprint("doublelock", "", "Fmu") {
		t.Error("other parts give the same fingerprint")
	}
}

func TestSort(t *testing.T) {
	at := func(file string, line, column int, check string) report.Finding {
		return report.Finding{Check: check, Posn: token.Position{Filename: file, Line: line, Column: column}}
	}
	want := []report.Finding{
		at("a.go", 9, 1, "x"), at("b.go", 2, 9, "x"), at("b.go", 10, 1, "x"), at("b.go", 10, 2, "a"), at("b.go", 10, 2, "b"),
	}
	got := []report.Finding{want[4], want[2], want[0], want[3], want[1]}
	report.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDoc(t *testing.T) {
	const source = "// Package x is.\n//\n// # Analyzer x\n//\n// x: find it\n//\n// More.\npackage x\n"
	if got, want := report.Doc(source, "x"), "x: find it\n\nMore."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic for a check that is not documented")
		}
	}()
	report.Doc(source, "y")
}
