package guards

import (
	"cmp"
	"go/ast"
	"regexp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/access"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// An Undeclared guard is one that the code keeps to everywhere, though no comment declares it.
type Undeclared struct {
	Node   ast.Node     // *ast.Field or *ast.ValueSpec, of whose names all have the guard
	Names  []string     // of the places: "Type.field" or "variable"
	Lock   string       // class
	Behind *ast.Comment // the comment that ends the line of Node; nil if none does
	Text   string       // of the comment that declares the guard, and says what Behind does, without its slashes
}

// Undeclared returns the guards that a comment can declare, sorted by position. The evidence is
//
//   - full: every access to the place and to what it holds, reads of what nobody changes among them, is known in all its
//     scenes, and all these hold the lock, to write if they write. The address of the place goes nowhere but into calls
//     that hold the lock. Other packages cannot reach the place;
//   - enough: see [Guard.enough];
//   - for one lock: no other of the same struct, or of the package for a variable, is held at all accesses, too;
//   - of a kind: of the fields that are written with that lock held only, half or more are read with it, too. Where most are
//     read without, as after a parse that happens once, the lock means something else, and the rest are so by chance.
//
// The comment is one that is read back as the same guard. There is none where another comment says already what guards the
// place, or what the lock guards, or is not a plain sentence to which this can be added.
func (t *Table) Undeclared() []Undeclared {
	of := t.a.evidence(t.Places)
	kept := t.a.balance(of)
	lines := map[ast.Node][]*fieldInfo{}
	for f := range of {
		lines[f.decl] = append(lines[f.decl], f)
	}
	var out []Undeclared
	for decl, fs := range lines {
		if len(fs) < nameCount(decl) || !t.a.oneLine(decl) {
			continue
		}
		slices.SortFunc(fs, func(x, y *fieldInfo) int { return cmp.Compare(x.index, y.index) })
		if u := (Undeclared{Node: decl}); !slices.ContainsFunc(fs, func(f *fieldInfo) bool { return !u.add(t.a, f, of[f]) || kept[u.Lock] < 0 }) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(x, y Undeclared) int { return cmp.Compare(x.Node.Pos(), y.Node.Pos()) })
	return out
}

// evidence is all that is known of a field or package variable, and of what it holds.
type evidence struct {
	st     *structInfo
	places []*Place
	leaks  []*Site
	hidden bool // there are accesses of which not all scenes are known
}

// evidence returns what is known by the field.
func (a *analysis) evidence(ps []*Place) map[*fieldInfo]*evidence {
	of := map[*fieldInfo]*evidence{}
	at := func(class string) *evidence {
		st, _, name := a.split(access.Base(class))
		if st == nil {
			return &evidence{}
		}
		first, _, _ := strings.Cut(name, ".")
		f := st.fields[first]
		if f == nil {
			return &evidence{}
		}
		if of[f] == nil {
			of[f] = &evidence{st: st}
		}
		return of[f]
	}
	for _, p := range ps {
		e := at(p.Class)
		e.places = append(e.places, p)
	}
	for class, accesses := range a.leaks {
		e := at(class)
		for _, x := range accesses {
			if s := a.site(x); s != nil && len(s.Scenes) > 0 {
				e.leaks = append(e.leaks, s)
			}
		}
	}
	for class := range a.hidden {
		at(class).hidden = true
	}
	return of
}

// add adds a name to the declaration, and reports whether its guard is that of the names before.
func (u *Undeclared) add(a *analysis, f *fieldInfo, e *evidence) bool {
	if f.told || f.declared != nil || !a.main && ast.IsExported(f.name) && (f.owner == "" || ast.IsExported(f.owner)) {
		return false // who uses it in other packages is not known
	}
	lock := a.keptTo(f, e)
	if lock == "" || u.Lock != "" && u.Lock != lock {
		return false
	}
	name := lock[strings.LastIndexByte(lock, '.')+1:]
	text, ok := e.st.declaring(name, f.comment)
	if !ok || e.st.fields[name].told { // who lists what a lock guards has left this out
		return false
	}
	u.Lock, u.Text = lock, text
	u.Names = append(u.Names, strings.TrimPrefix(f.owner+"."+f.name, "."))
	if f.comment != nil {
		u.Behind = f.comment.List[0]
	}
	return true
}

// keptTo returns the class of the lock that all evidence is for, "" if there is none, or if there are two.
func (a *analysis) keptTo(f *fieldInfo, e *evidence) string {
	if e.hidden {
		return ""
	}
	lock := ""
	for _, l := range a.locksOf(f, e) {
		if !e.kept(l) {
			continue
		}
		if lock != "" {
			return ""
		}
		lock = l
	}
	enough := func(p *Place) bool { return p.Guard != nil && p.Guard.Class == lock && p.Guard.enough() }
	if !slices.ContainsFunc(e.places, enough) {
		return ""
	}
	return lock
}

// locksOf returns the classes of the locks beside a field.
func (a *analysis) locksOf(f *fieldInfo, e *evidence) []string {
	prefix := a.Path + "."
	if f.owner != "" {
		prefix += f.owner + "."
	}
	var out []string
	for name, l := range e.st.fields {
		if l.lock {
			out = append(out, prefix+name)
		}
	}
	slices.Sort(out)
	return out
}

// balance returns, for each lock, how many more of the fields that are written with it held only are read with it than
// without. A field that another lock is held at everywhere does not count.
func (a *analysis) balance(of map[*fieldInfo]*evidence) map[string]int {
	n := map[string]int{}
	for f, e := range of {
		locks := a.locksOf(f, e)
		kept := slices.ContainsFunc(locks, e.kept)
		for _, lock := range locks {
			switch {
			case !e.writtenWith(lock):
			case e.kept(lock):
				n[lock]++
			case !kept:
				n[lock]--
			}
		}
	}
	return n
}

// writtenWith reports whether there are writes, all with a lock held.
func (e *evidence) writtenWith(lock string) bool {
	written := false
	for _, p := range e.places {
		for _, s := range p.Sites {
			if s.Op != access.Read {
				if !s.keeps(lock) {
					return false
				}
				written = true
			}
		}
	}
	return written
}

// kept reports whether everything is done with a lock held.
func (e *evidence) kept(lock string) bool {
	for _, p := range e.places {
		if slices.ContainsFunc(p.Sites, func(s *Site) bool { return s.Op == access.Atomic || !s.keeps(lock) }) {
			return false
		}
	}
	for _, s := range e.leaks {
		if in := s.Fn.At(s.V); in.How != effects.AtOnce || !in.Op.Calls() && in.Op != effects.Box && in.Op != effects.Slice && in.Op != effects.Compare || !s.keeps(lock) {
			return false
		}
	}
	return true
}

// keeps reports whether a site is known to hold a class in all scenes, to write if it writes. Unlike for [Site.Holds], a lock of
// unknown class does not do.
func (s *Site) keeps(class string) bool {
	for i := range s.Scenes {
		x := &s.Scenes[i]
		held := func(g lockgraph.Gate) bool {
			return string(g.Class) == class && (g.Mode == lockgraph.Write || s.Op != access.Write)
		}
		if !x.Contract && !slices.ContainsFunc(x.Held, held) {
			return false
		}
	}
	return true
}

// oneLine reports whether a declaration begins and ends on one line.
func (a *analysis) oneLine(decl ast.Node) bool {
	f := a.Fset.File(decl.Pos())
	return f != nil && f.Line(decl.Pos()) == f.Line(decl.End())
}

func nameCount(decl ast.Node) int {
	switch d := decl.(type) {
	case *ast.Field:
		return max(1, len(d.Names))
	case *ast.ValueSpec:
		return len(d.Names)
	}
	return 0
}

// sentence matches a comment to which something can be added: that does not start with a mark such as TODO: or nolint, and
// does not end in the middle of something.
var sentence = regexp.MustCompile(`^[^\s:]+(?:\s.*)?[\pL\pN).!?]$|^[\pL\pN]$`)

// declaring returns the text of the comment that declares a lock of the struct as the guard of a field, behind what the
// comment there says; ok is false if no such comment would be understood.
func (st *structInfo) declaring(lock string, old *ast.CommentGroup) (text string, ok bool) {
	text = "guarded by " + lock
	if old != nil {
		said, plain := strings.CutPrefix(old.List[0].Text, "// ")
		said = strings.TrimSpace(said)
		first, _, _ := strings.Cut(said, " ")
		if len(old.List) > 1 || !plain || !sentence.MatchString(said) || first == "nolint" {
			return "", false
		}
		if strings.ContainsAny(said[len(said)-1:], ".!?") {
			text = said + " Guarded by " + lock + "."
		} else {
			text = said + "; " + text
		}
	}
	return text, guardNamed(text+" ") == lock && st.fields[lock] != nil && st.fields[lock].lock
}
