package sharedvar

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

//go:embed doc.go
var doc string

// Analyzer is the check.
var Analyzer = &analysis.Analyzer{
	Name:     "sharedvar",
	Doc:      report.Doc(doc, "sharedvar"),
	URL:      "https://pkg.go.dev/github.com/lockcheck/lockcheck/analyzer/sharedvar",
	Requires: []*analysis.Analyzer{lockset.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		lockset.Report(pass, "sharedvar")
		return nil, nil
	},
}
