package main

import (
	"encoding/json"
	"go/token"
	"io"
	"path/filepath"

	"github.com/lockcheck/lockcheck/analyzer"
)

// jsonVersion changes when a reader of the old form would misread the new one;
// fields may be added without a change.
const jsonVersion = 1

// A jsonReport is what -json prints. Lists are never null. File names are
// shortened as in text, with slashes; lines and columns (bytes) start at 1.
type jsonReport struct {
	Version  int           `json:"version"`
	Findings []jsonFinding `json:"findings"` // by file, line, column and check
	Problems []string      `json:"problems"` // one sentence for each thing that could not be analyzed
}

// A jsonFinding is one bug.
type jsonFinding struct {
	Check       string       `json:"check"`
	Band        string       `json:"band"`       // "error", "warning" or "note"
	Confidence  int          `json:"confidence"` // 1 to 100
	Reasons     []jsonReason `json:"reasons"`    // why it is no more: 100, times each factor in turn
	Fingerprint string       `json:"fingerprint"`
	Package     string       `json:"package"`
	Message     string       `json:"message"` // without the name of the check
	File        string       `json:"file"`
	Line        int          `json:"line"`
	Column      int          `json:"column"`
	EndLine     int          `json:"endLine"` // end of the span, exclusive
	EndColumn   int          `json:"endColumn"`
	Steps       []jsonStep   `json:"steps"`
	Fixes       []jsonFix    `json:"fixes"` // -fix applies the first
}

// A jsonReason is one thing that speaks against a finding.
type jsonReason struct {
	Reason string `json:"reason"`
	Factor int    `json:"factor"` // what it leaves of the confidence, out of 100
}

// A jsonStep is one line of a finding's proof.
type jsonStep struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// A jsonFix is one way to mend a finding.
type jsonFix struct {
	Message string     `json:"message"` // a verb phrase
	Edits   []jsonEdit `json:"edits"`   // by position, without overlaps
}

// A jsonEdit replaces a span of a file; it inserts if the span is empty.
type jsonEdit struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"` // exclusive
	EndColumn int    `json:"endColumn"`
	NewText   string `json:"newText"`
}

// writeJSON prints findings and problems as one JSON object. File names below
// dir are made relative to it.
func writeJSON(w io.Writer, fset *token.FileSet, findings []analyzer.Finding, problems []string, dir string) error {
	report := jsonReport{
		Version:  jsonVersion,
		Findings: []jsonFinding{},
		Problems: append([]string{}, problems...),
	}
	for _, f := range findings {
		end := endPosition(fset, &f)
		jf := jsonFinding{
			Check:       f.Check,
			Band:        string(f.Band()),
			Confidence:  f.Confidence,
			Fingerprint: f.Fingerprint,
			Package:     f.Package,
			Message:     f.Message,
			File:        jsonPath(dir, f.Posn.Filename),
			Line:        f.Posn.Line,
			Column:      f.Posn.Column,
			EndLine:     end.Line,
			EndColumn:   end.Column,
			Reasons:     []jsonReason{},
			Steps:       []jsonStep{},
			Fixes:       jsonFixes(fset, f.Fixes, dir),
		}
		for _, r := range f.Reasons {
			jf.Reasons = append(jf.Reasons, jsonReason{r.Why, r.Factor})
		}
		for _, s := range f.Steps {
			jf.Steps = append(jf.Steps, jsonStep{
				File:    jsonPath(dir, s.Posn.Filename),
				Line:    s.Posn.Line,
				Column:  s.Posn.Column,
				Message: s.Message,
			})
		}
		report.Findings = append(report.Findings, jf)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false) // messages have "->" in them
	return enc.Encode(report)
}

// jsonFixes returns fixes with the lines and columns of the files, whatever line directives say.
func jsonFixes(fset *token.FileSet, fixes []analyzer.Fix, dir string) []jsonFix {
	list := []jsonFix{}
	for _, fix := range fixes {
		jf := jsonFix{Message: fix.Message, Edits: []jsonEdit{}}
		for _, e := range fix.Edits {
			start, end := fset.PositionFor(e.Pos, false), fset.PositionFor(e.End, false)
			jf.Edits = append(jf.Edits, jsonEdit{
				File: jsonPath(dir, start.Filename),
				Line: start.Line, Column: start.Column,
				EndLine: end.Line, EndColumn: end.Column,
				NewText: e.NewText,
			})
		}
		list = append(list, jf)
	}
	return list
}

func jsonPath(dir, file string) string { return filepath.ToSlash(shortPath(dir, file)) }

// endPosition returns the end of the finding's span, or its start if the end
// is unknown or in another file, as line directives may have it.
func endPosition(fset *token.FileSet, f *analyzer.Finding) token.Position {
	if f.End.IsValid() {
		end := fset.Position(f.End)
		if end.Filename == f.Posn.Filename &&
			(end.Line > f.Posn.Line || end.Line == f.Posn.Line && end.Column > f.Posn.Column) {
			return end
		}
	}
	return f.Posn
}
