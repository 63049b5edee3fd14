package waitmisuse

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
	Name:     "waitmisuse",
	Doc:      report.Doc(doc, "waitmisuse"),
	URL:      "https://pkg.go.dev/github.com/lockcheck/lockcheck/analyzer/waitmisuse",
	Requires: []*analysis.Analyzer{lockset.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		lockset.Report(pass, "waitmisuse")
		return nil, nil
	},
}
