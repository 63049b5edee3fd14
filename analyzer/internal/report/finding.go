package report

import (
	"cmp"
	"go/token"
	"slices"
)

// A Band is how sure lockcheck is of a finding.
type Band string

const (
	Error   Band = "error"   // nearly certain; shown by default
	Warning Band = "warning" // shown with -all
	Note    Band = "note"    // shown with -all
)

// The least confidence of each band, out of 100.
const (
	errorFloor   = 60
	warningFloor = 30
)

// BandOf returns the band of a confidence of 1 to 100.
func BandOf(confidence int) Band {
	switch {
	case confidence >= errorFloor:
		return Error
	case confidence >= warningFloor:
		return Warning
	}
	return Note
}

// A Step is one related line of a finding: a complete clause that names
// function, lock and position.
type Step struct {
	Pos     token.Pos      // in the finding's FileSet; NoPos if the file is not in it
	Posn    token.Position // file, line and column, always set
	Message string
}

// A Fix is one way to mend a finding. Its edits are in order of position and do not
// overlap.
type Fix struct {
	Message string // a verb phrase, such as "Insert defer s.mu.Unlock()"
	Edits   []Edit
}

// An Edit puts NewText in the place of the source from Pos to End; nothing is replaced
// where they are equal.
type Edit struct {
	Pos, End token.Pos // in the finding's FileSet, and in one file
	NewText  string
}

// A Finding is one bug: a verdict that stands alone, and the steps that prove it.
type Finding struct {
	Check       string         // name of the check, e.g. "lockorder"
	Package     string         // import path of the package in which it is reported
	Pos, End    token.Pos      // span in the FileSet of the run that made it
	Posn        token.Position // position of Pos
	Message     string         // one line, without the "(check)" suffix
	Steps       []Step
	Confidence  int      // 1 to 100
	Reasons     []Reason // why it is no more, see [Finding.Weigh]
	Fingerprint string   // stable over edits that move lines; 16 hex digits
	Covers      []string // fingerprints of others that it tells of, too
	Fixes       []Fix    // ways to mend it, the best first
}

// Band returns the band of the finding's confidence.
func (f *Finding) Band() Band { return BandOf(f.Confidence) }

// Text returns the message with the name of the check in parentheses, as
// every front end shows it.
func (f *Finding) Text() string { return f.Message + " (" + f.Check + ")" }

// Sort orders findings by file, line, column, check and message.
func Sort(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(
			ComparePosn(a.Posn, b.Posn),
			cmp.Compare(a.Check, b.Check),
			cmp.Compare(a.Message, b.Message),
			cmp.Compare(a.Package, b.Package),
		)
	})
}

// ComparePosn orders positions by file, line and column.
func ComparePosn(a, b token.Position) int {
	return cmp.Or(
		cmp.Compare(a.Filename, b.Filename),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
	)
}
