package main

import (
	"bytes"
	"encoding/json"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer"
)

const bankSource = `package bank

func (a *Account) Transfer(l *Ledger) {
	a.mu.Lock()
	defer a.mu.Unlock()
	l.Record(a)
}

func (l *Ledger) Record(a *Account) {
	l.mu.Lock(); l.entries = append(l.entries, a)
	l.mu.Unlock()
}

func (l *Ledger) Audit(a *Account) {
	l.mu.Lock()
	if l.on {
		a.mu.Lock()
	}
}
`

// bank writes bankSource to a new folder, and returns two made-up findings in
// it: an inversion, and one in a file that cannot be read.
func bank(t *testing.T) (dir string, fset *token.FileSet, findings []analyzer.Finding) {
	t.Helper()
	dir = t.TempDir()
	name := filepath.Join(dir, "bank.go")
	if err := os.WriteFile(name, []byte(bankSource), 0o666); err != nil {
		t.Fatal(err)
	}
	fset = token.NewFileSet()
	file := fset.AddFile(name, -1, len(bankSource))
	file.SetLinesForContent([]byte(bankSource))
	at := func(line, col int) token.Pos { return file.LineStart(line) + token.Pos(col-1) }

	order := analyzer.Finding{
		Check:       "lockorder",
		Package:     "example.com/bank",
		Pos:         at(6, 2),
		End:         at(6, 13),
		Posn:        fset.Position(at(6, 2)),
		Message:     "Ledger.mu is locked while Account.mu is held, but bank.go:17 locks them in the other order; two goroutines can deadlock",
		Confidence:  90,
		Fingerprint: "0123456789abcdef",
	}
	for _, s := range []struct {
		line, col int
		message   string
	}{
		{4, 2, "(*Account).Transfer locks Account.mu"},
		{6, 2, "(*Account).Transfer calls (*Ledger).Record"},
		{10, 2, "(*Ledger).Record locks Ledger.mu"},
		{15, 2, "(*Ledger).Audit locks Ledger.mu"},
		{17, 3, "(*Ledger).Audit locks Account.mu while Ledger.mu is held"},
	} {
		step := zero(order.Steps)
		step.Pos, step.Posn, step.Message = at(s.line, s.col), fset.Position(at(s.line, s.col)), s.message
		order.Steps = append(order.Steps, step)
	}
	lost := analyzer.Finding{
		Check:      "doublelock",
		Package:    "example.com/lost",
		Posn:       token.Position{Filename: filepath.Join(dir, "lost", "a.go"), Line: 120, Column: 7},
		Message:    "a -> b & <c>",
		Confidence: 40,
	}
	return dir, fset, []analyzer.Finding{order, lost}
}

// zero returns the zero element of a slice whose type has no name here.
func zero[E any](...[]E) (z E) { return z }

func TestWriteText(t *testing.T) {
	const want = `bank.go:6:2: Ledger.mu is locked while Account.mu is held, but bank.go:17 locks them in the other order; two goroutines can deadlock (lockorder)
   |
 6 |     l.Record(a)
   |     ^^^^^^^^^^^

   bank.go:4:2: (*Account).Transfer locks Account.mu
 4 |     a.mu.Lock()
   |     -----------
   bank.go:6:2: (*Account).Transfer calls (*Ledger).Record
 6 |     l.Record(a)
   |     -----------
   bank.go:10:2: (*Ledger).Record locks Ledger.mu
10 |     l.mu.Lock(); l.entries = append(l.entries, a)
   |     -----------

   bank.go:15:2: (*Ledger).Audit locks Ledger.mu
15 |     l.mu.Lock()
   |     -----------
   bank.go:17:3: (*Ledger).Audit locks Account.mu while Ledger.mu is held
17 |         a.mu.Lock()
   |         -----------

lost/a.go:120:7: a -> b & <c> (doublelock)
`
	dir, fset, findings := bank(t)
	var plain, coloured bytes.Buffer
	if err := writeText(&plain, fset, findings, dir, false); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, filepath.ToSlash(plain.String())); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}

	if err := writeText(&coloured, fset, findings, dir, true); err != nil {
		t.Fatal(err)
	}
	escape := regexp.MustCompile("\x1b\\[[0-9;]*m")
	if !escape.Match(coloured.Bytes()) {
		t.Error("coloured text has no colours")
	}
	if diff := cmp.Diff(plain.String(), escape.ReplaceAllString(coloured.String(), "")); diff != "" {
		t.Errorf("colours change the text (-plain +coloured):\n%s", diff)
	}
}

func TestWriteJSON(t *testing.T) {
	const want = `{
  "version": 1,
  "findings": [
    {
      "check": "lockorder",
      "band": "error",
      "confidence": 90,
      "reasons": [],
      "fingerprint": "0123456789abcdef",
      "package": "example.com/bank",
      "message": "Ledger.mu is locked while Account.mu is held, but bank.go:17 locks them in the other order; two goroutines can deadlock",
      "file": "bank.go",
      "line": 6,
      "column": 2,
      "endLine": 6,
      "endColumn": 13,
      "steps": [
        {
          "file": "bank.go",
          "line": 4,
          "column": 2,
          "message": "(*Account).Transfer locks Account.mu"
        }
      ],
      "fixes": [
        {
          "message": "Call a.record() first",
          "edits": [
            {
              "file": "bank.go",
              "line": 4,
              "column": 2,
              "endLine": 4,
              "endColumn": 2,
              "newText": "a.record()\n\t"
            },
            {
              "file": "bank.go",
              "line": 6,
              "column": 2,
              "endLine": 6,
              "endColumn": 13,
              "newText": ""
            }
          ]
        }
      ]
    },
    {
      "check": "doublelock",
      "band": "warning",
      "confidence": 40,
      "reasons": [],
      "fingerprint": "",
      "package": "example.com/lost",
      "message": "a -> b & <c>",
      "file": "lost/a.go",
      "line": 120,
      "column": 7,
      "endLine": 120,
      "endColumn": 7,
      "steps": [],
      "fixes": []
    }
  ],
  "problems": [
    "package x is missing"
  ]
}
`
	dir, fset, findings := bank(t)
	first := &findings[0]
	first.Steps = first.Steps[:1]
	first.Fixes = []analyzer.Fix{{Message: "Call a.record() first", Edits: []analyzer.Edit{
		{Pos: first.Steps[0].Pos, End: first.Steps[0].Pos, NewText: "a.record()\n\t"},
		{Pos: first.Pos, End: first.End},
	}}}
	var buf bytes.Buffer
	if err := writeJSON(&buf, fset, findings, []string{"package x is missing"}, dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, buf.String()); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}

	buf.Reset()
	if err := writeJSON(&buf, fset, nil, nil, dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("{\n  \"version\": 1,\n  \"findings\": [],\n  \"problems\": []\n}\n", buf.String()); diff != "" {
		t.Errorf("empty JSON (-want +got):\n%s", diff)
	}
}

func TestShow(t *testing.T) {
	dir, fset, findings := bank(t)
	t.Chdir(dir)
	broken := []string{"x.go:1:1:\n\tno"}
	for _, test := range []struct {
		name     string
		opts     options
		findings []analyzer.Finding
		problems []string
		code     int
		stderr   string
	}{
		{"clean", options{}, nil, nil, 0, ""},
		{"findings", options{}, findings, nil, 3, "2 findings\n"},
		{"selected", options{checks: map[string]*triState{"lockorder": new(setFalse)}}, findings, nil, 3, "1 finding\n"},
		{"none selected", options{checks: map[string]*triState{"x": new(setTrue)}}, findings, nil, 0, ""},
		{"problems", options{}, nil, broken, 1, "lockcheck: x.go:1:1: no\n"},
		{"both", options{}, findings, broken, 1, "2 findings\nlockcheck: x.go:1:1: no\n"},
		{"json", options{json: true}, findings, nil, 0, ""},
		{"json problems", options{json: true}, findings, broken, 1, "lockcheck: x.go:1:1: no\n"},
	} {
		var out, err bytes.Buffer
		result := &analyzer.Result{Fset: fset, Findings: test.findings, Problems: test.problems}
		code := show(result, &test.opts, &console{out: &out, err: &err})
		if code != test.code || err.String() != test.stderr {
			t.Errorf("%s: exit code %d, want %d; stderr %q, want %q", test.name, code, test.code, err.String(), test.stderr)
		}
		if test.opts.json {
			if !json.Valid(out.Bytes()) {
				t.Errorf("%s: invalid JSON", test.name)
			}
		} else if (out.Len() > 0) != strings.Contains(test.stderr, "finding") {
			t.Errorf("%s: stdout is %q", test.name, out.String())
		}
	}
}
