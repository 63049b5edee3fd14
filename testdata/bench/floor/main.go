// Floor is a vet tool that does nothing but what every tool with facts has to: it is
// started for each package, type-checks it, and hands a fact on. What it costs is the
// floor under what any vet tool of this kind costs.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
)

type fact struct{ Path string }

func (*fact) AFact() {}

var floor = &analysis.Analyzer{
	Name:      "floor",
	Doc:       "floor: do nothing",
	FactTypes: []analysis.Fact{(*fact)(nil)},
	Run: func(pass *analysis.Pass) (any, error) {
		pass.ExportPackageFact(&fact{pass.Pkg.Path()})
		return nil, nil
	},
}

func main() { unitchecker.Main(floor) }
