package ignore

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
	Name:     "ignore",
	Doc:      report.Doc(doc, "ignore"),
	URL:      "https://pkg.go.dev/github.com/lockcheck/lockcheck/analyzer/ignore",
	Requires: []*analysis.Analyzer{lockset.Analyzer},
	Run: func(pass *analysis.Pass) (any, error) {
		for _, d := range pass.ResultOf[lockset.Analyzer].(*lockset.Result).Directives.Misused() {
			pass.Report(analysis.Diagnostic{Pos: d.Pos, Category: "ignore", Message: report.DirectiveMessage(d) + " (ignore)"})
		}
		return nil, nil
	},
}
