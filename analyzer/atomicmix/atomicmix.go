package atomicmix

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
	Name:     "atomicmix",
	Doc:      report.Doc(doc, "atomicmix"),
	URL:      "https://pkg.go.dev/github.com/lockcheck/lockcheck/analyzer/atomicmix",
	Requires: []*analysis.Analyzer{lockset.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		lockset.Report(pass, "atomicmix")
		return nil, nil
	},
}
