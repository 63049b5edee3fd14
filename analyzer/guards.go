package analyzer

import (
	"go/token"
	"os"

	"github.com/lockcheck/lockcheck/analyzer/internal/fix"
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

	undeclared []Finding
}

// Guards loads packages as [Check] does, and tells for the fields and variables of these packages which lock guards
// them, and in which orders locks are taken there. Places to which nobody writes once they are
// built need no guard and are left out, as are those of which too little is seen, unless cfg.All asks for them.
// It costs what Check costs.
func Guards(cfg Config) (t *GuardTable, err error) {
	err = load(cfg, func(prog *whole.Program) error {
		r := whole.Check(prog, nil, cfg.Deps, false)
		t = &GuardTable{Fset: prog.Fset, Problems: r.Problems}
		t.Guards, t.Orders = whole.Guards(prog, r, cfg.Deps, cfg.All)
		t.undeclared = whole.Undeclared(prog, r)
		return nil
	})
	return t, err
}

// Patch writes the comment "guarded by mu" behind fields and variables whose guard is not declared, if the evidence for
// it is full and strong: every access holds the lock, which is one of the same struct or package, at three places or more
// in two functions or more, one of which writes; two places do for the only lock of a struct and a field right below it. Fixed
// has one entry for each comment. Guards then returns these guards as declared. What [Result.Patch] says of files holds here, too.
func (t *GuardTable) Patch() (*Patch, error) { return fix.NewPatch(t.Fset, t.undeclared, os.ReadFile) }
