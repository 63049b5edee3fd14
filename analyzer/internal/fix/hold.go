package fix

import (
	"go/token"

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
