package fix

import (
	"go/token"
	"go/types"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

// Outermost returns the statement of the body itself in which pos lies.
func (f *Func) Outermost(pos token.Pos) (Stmt, bool) {
	for i, s := range f.Body.List {
		if s.Pos() <= pos && pos < s.End() {
			return Stmt{Stmt: s, list: f.Body.List, index: i, from: f.Body.Lbrace, to: f.Body.Rbrace, owner: f.Body}, true
		}
	}
	return Stmt{}, false
}

// Hold returns the fix that holds a lock from a statement on to the end of the function, in the place of
// statements that lock and unlock it for a part. The caller has proved that nothing in between minds.
func (f *Func) Hold(lock string, read bool, from Stmt, instead ...Stmt) (_ report.Fix, ok bool) {
	l, u := "Lock", "Unlock"
	if read {
		l, u = "RLock", "RUnlock"
	}
	edits := []report.Edit{f.InsertBefore(from, lock+"."+l+"()", "defer "+lock+"."+u+"()")}
	for _, s := range instead {
		e, ok := f.Delete(s)
		if !ok {
			return report.Fix{}, false
		}
		edits = append(edits, e)
	}
	return Join("Hold "+lock, edits...), true
}

// Variable reports whether the package has a variable that can be locked, and whether it can be read-locked.
func (f *Func) Variable(name string) (rw, ok bool) {
	v := f.Pkg.Scope().Lookup(name)
	if v == nil {
		return false, false
	}
	has := func(method string) bool {
		m, _, _ := types.LookupFieldOrMethod(v.Type(), true, nil, method)
		_, ok := m.(*types.Func)
		return ok
	}
	return has("RLock"), has("Lock")
}

// LockForWriting returns the fix that locks for writing what is read-locked.
func (f *Func) LockForWriting(lock Lock, unlocks []Stmt) (_ report.Fix, ok bool) {
	var edits []report.Edit
	for i, s := range append([]Stmt{lock.Stmt}, unlocks...) {
		m, _, ok := MethodOf(s.Stmt)
		if !ok {
			return report.Fix{}, false
		}
		name := "Unlock"
		if i == 0 {
			name = "Lock"
		}
		x, ok := f.Rename(m, name)
		if !ok {
			return report.Fix{}, false
		}
		edits = append(edits, x.Edits...)
	}
	return Join("Lock "+f.Source(lock.X)+" for writing", edits...), true
}
