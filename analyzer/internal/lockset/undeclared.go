package lockset

import (
	"fmt"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Undeclared returns the guards of the package that a comment can declare, each with the fix that writes the comment. They
// are no findings of a check: nothing is wrong.
func (v *View) Undeclared() []report.Finding {
	var out []report.Finding
	for _, u := range v.Guards().Undeclared() {
		file := v.Engine.Sources.File(u.Node.Pos())
		if file == nil {
			continue
		}
		edit, ok := report.Edit{}, u.Behind != nil
		if ok {
			edit = fix.Replace(u.Behind, "// "+u.Text)
		} else if edit, ok = file.AppendComment(u.Node, u.Text); !ok {
			continue
		}
		guard := report.Lock(lockgraph.Class(u.Lock), v.Path)
		f := report.Finding{
			Check: "guards", Package: v.Path, Pos: u.Node.Pos(), End: u.Node.End(), Posn: v.pos.fset.Position(u.Node.Pos()),
			Message: fmt.Sprintf("every access to %s holds %s", strings.Join(u.Names, ", "), guard), Confidence: 100,
		}
		f.Fixes = []report.Fix{fix.Join("Declare that "+guard+" guards "+strings.Join(u.Names, ", "), edit)}
		out = append(out, f)
	}
	return out
}
