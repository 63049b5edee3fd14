package ignore

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

//go:embed doc.go
var doc string

// New returns the check. A directive that silences nothing is known when all checks have run, which it therefore requires;
// their names are those that directives can have.
func New(checks []*analysis.Analyzer) *analysis.Analyzer {
	var names []string
	for _, c := range checks {
		names = append(names, c.Name)
	}
	return &analysis.Analyzer{
		Name:     "ignore",
		Doc:      report.Doc(doc, "ignore"),
		URL:      "https://pkg.go.dev/github.com/lockcheck/lockcheck/analyzer/ignore",
		Requires: append([]*analysis.Analyzer{lockset.Analyzer}, checks...),
		Run: func(pass *analysis.Pass) (any, error) {
			for _, d := range pass.ResultOf[lockset.Analyzer].(*lockset.View).Directives.Misused(names) {
				pass.Report(analysis.Diagnostic{Pos: d.Pos, Category: "ignore", Message: report.DirectiveMessage(d) + " (ignore)"})
			}
			return nil, nil
		},
	}
}
