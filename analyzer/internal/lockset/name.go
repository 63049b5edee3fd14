package lockset

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// maxName is how long an expression may be that stands for a lock in messages.
const maxName = 60

// LockName returns the lock of a path as the source of a function writes it: what first, a call of Lock or the like for the mode, is
// called on, else the path.
func (e *Engine) LockName(f *effects.Func, first effects.V, mode lockgraph.Mode, p ident.Path) string {
	if call := e.Syntax.Call(f, first); call != nil {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			switch sel.Sel.Name {
			case "Lock", "RLock", "Unlock", "RUnlock", "TryLock", "TryRLock":
				// A Locker that read-locks is another object than its lock.
				if s := types.ExprString(sel.X); len(s) <= maxName && (sel.Sel.Name != "Lock" || mode == lockgraph.Write) {
					return s
				}
			}
		}
	}
	return e.PathName(f, p)
}

// PathName returns a lock by its access path in a function.
func (e *Engine) PathName(f *effects.Func, p ident.Path) string {
	if !strings.Contains(p.Steps, "[{") {
		if root := rootName(f, p); root != "" {
			return root + p.Pretty()
		}
	}
	if p.Class == "" {
		return "the lock"
	}
	return ident.Short(p.Class, f.Unit.Path)
}

// rootName returns the variable that a path starts at, "" if there is none.
func rootName(f *effects.Func, p ident.Path) string {
	switch i := p.Index(); {
	case p.Kind == ident.Param && i >= 0 && i < len(f.Params):
		if n := f.At(f.Params[i]).Sym; n != "_" {
			return n
		}
	case p.Kind == ident.Free && i >= 0 && i < len(f.Free):
		return f.At(f.Free[i]).Sym
	case p.Kind == ident.Global:
		return ident.Short(p.Ref, f.Unit.Path)
	case p.Kind == ident.Alloc && i >= 0:
		return f.At(effects.V(i)).Sym
	}
	return ""
}
