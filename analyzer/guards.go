package analyzer

import (
	"go/token"

	"github.com/lockcheck/lockcheck/analyzer/internal/whole"
)

// A Guard is one row of the table of [Guards]: a field or package variable, the lock that guards it, and why
// lockcheck thinks so.
type Guard = whole.Guard

// An Order is one order in which two locks are taken.
type Order = whole.Order

// A GuardTable tells what guards what, and in what order the guards are taken.
type GuardTable struct {
	Fset     *token.FileSet
	Guards   []Guard // sorted by place
	Orders   []Order // sorted by the two locks
	Problems []string
}

// Guards loads packages as [Check] does, and tells for the fields and variables of these packages which lock guards
// them, and in which orders locks are taken there. Places to which nobody writes once they are
// built need no guard and are left out, as are those of which too little is seen, unless cfg.All asks for them.
// It costs what Check costs.
func Guards(cfg Config) (t *GuardTable, err error) {
	err = load(cfg, func(prog *whole.Program) error {
		r := whole.Check(prog, cfg.Deps, false)
		t = &GuardTable{Fset: prog.Fset, Problems: r.Problems}
		t.Guards, t.Orders = whole.Guards(prog, r, cfg.Deps, cfg.All)
		return nil
	})
	return t, err
}
