package lockset

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/lockcheck/lockcheck/analyzer/internal/flow"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

// inTest reports whether fn is declared in a test file.
func (e *Engine) inTest(fn *ssa.Function) bool {
	return fn.Pos().IsValid() && strings.HasSuffix(e.in.Fset.Position(fn.Pos()).Filename, "_test.go")
}

func typeName(t types.Type) string {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return ident.TypeName(n)
	}
	return t.String()
}

func inMain(fn *ssa.Function) bool {
	fn = flow.Outermost(fn)
	return fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main"
}
