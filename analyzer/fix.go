package analyzer

import (
	"os"

	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// A Fix is one way to mend a [Finding].
type Fix = report.Fix

// An Edit is a part of a [Fix]: a replacement of source text.
type Edit = report.Edit

// A Patch is what the fixes of some findings change. See [Result.Patch].
type Patch = fix.Patch

// A Change is the old and new content of a file of a [Patch].
type Change = fix.Change

// Patch applies the first fix of each of the findings that has one. If two fixes overlap,
// that of the later finding is left out. A file that was formatted by gofmt is so again.
// Nothing is written.
func (r *Result) Patch(findings []Finding) (*Patch, error) {
	return fix.NewPatch(r.Fset, findings, os.ReadFile)
}
