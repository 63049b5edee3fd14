package guards

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// A Declaration says in a comment which lock guards a place. These are read:
//
//	n int // guarded by mu          also "protected by", "+checklocks:mu", "GUARDED_BY(mu)"
//	mu sync.Mutex // guards n, m    also "protects"; also "the fields below", "the following"
type Declaration struct {
	Lock string // class
	Pos  token.Pos
}

// A structInfo is the syntax of a struct or of a group of package variables.
type structInfo struct {
	fields map[string]*fieldInfo
	locks  []string // names
}

type fieldInfo struct {
	name      string
	paragraph int
	index     int
	lock      bool
	declared  *Declaration

	owner   string            // name of the struct, or "" of a package variable
	decl    ast.Node          // *ast.Field or *ast.ValueSpec
	comment *ast.CommentGroup // at the end of its line
	told    bool              // a comment says what guards it or, of a lock, what it guards, in words that may not be understood
}

var (
	guardedBy = regexp.MustCompile(`(?i)(?:\b(?:is |are )?(?:guarded|protected|synchroni[sz]ed) (?:by|with|under)(?: the)?|\+checklocks(?:read)?:|GUARDED_BY\()\s*` + "[`\"']?" + `([A-Za-z_][A-Za-z0-9_.]*)`)
	guards    = regexp.MustCompile(`(?i)\b(?:guards?|protects?)\b(.*)`)
	below     = regexp.MustCompile(`(?i)\b(?:below|following|everything|all (?:the )?(?:other )?fields|rest)\b`)
	word      = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)

	// What is said of functions whose callers have to hold a lock.
	callerHolds = regexp.MustCompile(`(?is)\b(?:hold|holds|holding|held|locked|acquired?|own|owns)\b[^.]{0,60}\b(?:call|calling|called|caller|callers)\b|` +
		`\b(?:call|calling|called|caller|callers|must|should|assume[sd]?|require[sd]?|expects?|needs?|with|while|under|when)\b[^.]{0,60}\b(?:hold|holds|holding|held|locked|locking|acquired?|lock|locks|mutex|mu)\b|\+checklocks`)
	// What is said of those that must have an object for themselves.
	callerAlone = regexp.MustCompile(`(?is)\bnot be (?:called|used|run)\b[^.]{0,40}\b(?:concurrent|concurrently|parallel|simultaneously)\b|\bno other goroutines?\b|` +
		`\bwithout (?:taking|acquiring|holding|locking)\b|\bcallers? (?:is|are) responsible\b|\bnot (?:thread|goroutine|concurren\w+)[- ]?safe\b|\bunsafe for concurrent|\bnot safe for (?:concurrent|parallel)`)
	// What says for certain that callers have to.
	mustHold = regexp.MustCompile(`(?is)\b(?:callers?|must|assumes?|requires?|expects?)\b[^.]{0,50}\b(?:hold|holds|holding|held|locked)\b|\+checklocks:`)
	noLock   = regexp.MustCompile(`(?i)\bno(?: need (?:for|of|to hold|to take) (?:the |a |any )?)?[ -]?(?:locks?|mutex|locking)\b`)
	mustNot  = regexp.MustCompile(`(?is)\b(?:not|never|without)\b[^.]{0,50}\b(?:hold|holding|held|locked)\b`)
)

// doc returns the comment of a declared function, or of the one around a literal.
func (a *analysis) doc(fn *effects.Func) string {
	fr := FrameAt(fn.Outermost(), fn.Outermost().Pos)
	fr.Func = ""
	return a.docs[fr]
}

// requires reports whether the name or the comment of a function says that its callers have
// to see to it that nobody else runs. A comment on a function that takes a lock tells of that one, unless it says for certain
// that callers must hold one.
func (a *analysis) requires(f *function) bool {
	doc := a.doc(f.fn)
	locks := !noLock.MatchString(doc) && (mustHold.MatchString(doc) || callerHolds.MatchString(doc) && len(f.takes) == 0)
	return says(f.fn)&model.CallersHold != 0 || locks || callerAlone.MatchString(doc)
}

// demands reports whether they say for certain that callers have to hold a lock.
func (a *analysis) demands(fn *effects.Func) bool {
	doc := a.doc(fn)
	return says(fn)&model.MustHold != 0 || mustHold.MatchString(doc) && !mustNot.MatchString(doc)
}

// syntax reads the comments of structs, package variables and functions.
func (a *analysis) syntax() {
	a.docs = map[lockgraph.Frame]string{}
	vars := &structInfo{fields: map[string]*fieldInfo{}}
	a.structs[""] = vars
	types := a.declaredTypes()
	n := 0
	for _, f := range a.Files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Doc != nil {
					p := a.Fset.Position(d.Name.Pos())
					a.docs[lockgraph.Frame{File: p.Filename, Line: p.Line, Col: p.Column}] = d.Doc.Text()
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					n++
					group := n
					if d.Lparen.IsValid() {
						group = -int(d.Pos())
					}
					switch s := s.(type) {
					case *ast.TypeSpec:
						if st, ok := s.Type.(*ast.StructType); ok {
							a.readStruct(s.Name.Name, st, types[s.Name.Name])
						}
					case *ast.ValueSpec:
						if d.Tok == token.VAR {
							a.readVars(vars, d, s, group, types)
						}
					}
				}
			}
		}
	}
	for name, st := range a.structs {
		st.resolve(strings.TrimSuffix(a.Path+"."+name, "."))
	}
}

// readVars reads the declaration of package variables, which stands in a group of declarations.
func (a *analysis) readVars(vars *structInfo, d *ast.GenDecl, s *ast.ValueSpec, group int, types map[string]*effects.Type) {
	doc := s.Doc
	if doc == nil && !d.Lparen.IsValid() {
		doc = d.Doc
	}
	for _, id := range s.Names {
		t := types[id.Name]
		fi := &fieldInfo{name: id.Name, paragraph: group, index: len(vars.fields), lock: t.IsLock(), decl: s, comment: s.Comment}
		vars.fields[id.Name] = fi
		vars.readComment(fi, doc, s.Comment)
		if st, ok := s.Type.(*ast.StructType); ok {
			a.readStruct(id.Name, st, t)
		}
	}
}

// declaredTypes returns the types that are declared in the package, and those of its variables, by name, as far as functions
// use them.
func (a *analysis) declaredTypes() map[string]*effects.Type {
	types := map[string]*effects.Type{}
	for _, t := range a.unit.Types {
		if name, ok := strings.CutPrefix(t.Name, a.Path+"."); ok {
			types[name] = t
		}
	}
	for _, fn := range a.unit.Funcs {
		for v := effects.V(1); v < fn.First; v++ {
			if in := fn.At(v); in.Op == effects.Global {
				if name, ok := strings.CutPrefix(in.Class, a.Path+"."); ok {
					types[name] = in.Type.To()
				}
			}
		}
	}
	return types
}

// readStruct reads the fields of a struct, by paragraph. The owner is the type or variable.
func (a *analysis) readStruct(owner string, st *ast.StructType, of *effects.Type) {
	info := &structInfo{fields: map[string]*fieldInfo{}}
	a.structs[owner] = info
	paragraph, last := 0, -1
	for _, f := range st.Fields.List {
		start := f.Pos()
		if f.Doc != nil {
			start = f.Doc.Pos()
		}
		line := a.Fset.Position(start).Line
		if last >= 0 && line > last+1 {
			paragraph++
		}
		last = a.Fset.Position(f.End()).Line
		if f.Comment != nil {
			last = a.Fset.Position(f.Comment.End()).Line
		}
		names := f.Names
		if len(names) == 0 {
			if id := embeddedName(f.Type); id != nil {
				names = []*ast.Ident{id}
			}
		}
		for _, id := range names {
			t := fieldType(of, id.Name)
			fi := &fieldInfo{name: id.Name, paragraph: paragraph, index: len(info.fields), lock: t.IsLock(), decl: f, comment: f.Comment, owner: owner}
			info.fields[id.Name] = fi
			info.readComment(fi, f.Doc, f.Comment)
			if inner, ok := f.Type.(*ast.StructType); ok {
				a.readStruct(owner+"."+id.Name, inner, t)
			}
		}
	}
}

func embeddedName(t ast.Expr) *ast.Ident {
	switch t := t.(type) {
	case *ast.Ident:
		return t
	case *ast.StarExpr:
		return embeddedName(t.X)
	case *ast.SelectorExpr:
		return t.Sel
	case *ast.IndexExpr:
		return embeddedName(t.X)
	}
	return nil
}

// fieldType returns the type of a field of a struct, nil if it is not known.
func fieldType(of *effects.Type, name string) *effects.Type {
	if of != nil {
		for _, f := range of.Fields {
			if f.Name == name {
				return f.Type
			}
		}
	}
	return nil
}

// readComment keeps what a comment declares, the lock by its name for now.
func (st *structInfo) readComment(f *fieldInfo, groups ...*ast.CommentGroup) {
	if f.lock {
		st.locks = append(st.locks, f.name)
	}
	for _, g := range groups {
		if g == nil {
			continue
		}
		var raw strings.Builder // Text leaves directives out
		for _, c := range g.List {
			raw.WriteString(strings.TrimLeft(c.Text, "/* \t"))
			raw.WriteByte(' ')
		}
		if name := guardNamed(raw.String()); name != "" && !f.lock {
			f.told = true
			f.declared = &Declaration{Lock: name, Pos: g.Pos()}
			continue
		}
		if f.lock && (guards.MatchString(raw.String()) || guardedBy.MatchString(raw.String())) {
			f.told = true
		}
		if m := guards.FindStringSubmatch(raw.String()); m != nil && f.lock {
			st.claims(f, m[1], g.Pos())
		}
	}
}

// guardNamed returns the lock that a comment names as the guard of what it stands at, "" if it names none.
func guardNamed(comment string) string {
	m := guardedBy.FindStringSubmatch(comment)
	if m == nil {
		return ""
	}
	return strings.TrimRight(m[1], ".")
}

// A claim of a lock is put off until all fields are known.
func (st *structInfo) claims(lock *fieldInfo, text string, pos token.Pos) {
	lock.declared = &Declaration{Lock: "\x00" + text, Pos: pos}
}

// resolve turns names of locks into classes.
func (st *structInfo) resolve(prefix string) {
	for _, f := range st.fields {
		d := f.declared
		if d == nil || f.lock || strings.HasPrefix(d.Lock, prefix+".") {
			continue
		}
		name := d.Lock
		if i := strings.LastIndexByte(name, '.'); i >= 0 {
			name = name[i+1:]
		}
		if l := st.fields[name]; l != nil && l.lock {
			f.declared = &Declaration{Lock: prefix + "." + name, Pos: d.Pos}
		} else if l == nil && len(st.locks) == 1 && !strings.Contains(d.Lock, ".") && (strings.EqualFold(name, "lock") || strings.EqualFold(name, "mutex") || strings.EqualFold(name, "mu")) {
			f.declared = &Declaration{Lock: prefix + "." + st.locks[0], Pos: d.Pos}
		} else {
			f.declared = nil // a lock elsewhere
		}
	}
	for _, l := range st.fields {
		if !l.lock || l.declared == nil {
			continue
		}
		text, ok := strings.CutPrefix(l.declared.Lock, "\x00")
		if !ok {
			continue
		}
		words := word.FindAllString(text, -1)
		named := false
		for _, f := range st.fields {
			if f != l && !f.lock && slices.Contains(words, f.name) {
				named = true
				if f.declared == nil {
					f.declared = &Declaration{Lock: prefix + "." + l.name, Pos: l.declared.Pos}
				}
			}
		}
		if !named && below.MatchString(text) {
			for _, f := range st.fields {
				if !f.lock && f.paragraph == l.paragraph && f.index > l.index && f.declared == nil {
					f.declared = &Declaration{Lock: prefix + "." + l.name, Pos: l.declared.Pos}
				}
			}
		}
		l.declared = nil
	}
}

// split returns the struct and the first field of a class of this package.
func (a *analysis) split(class string) (*structInfo, string, string) {
	rest := strings.TrimPrefix(class, a.Path+".")
	name, field, ok := strings.Cut(rest, ".")
	if !ok {
		return a.structs[""], "", rest
	}
	return a.structs[name], name, field
}

// declared returns what a comment says of a place.
func (a *analysis) declared(class string) *Declaration {
	st, _, field := a.split(class)
	if st == nil {
		return nil
	}
	first, _, _ := strings.Cut(field, ".")
	if f := st.fields[first]; f != nil {
		return f.declared
	}
	return nil
}

// beside tells how a lock is declared in relation to a place.
func (a *analysis) beside(place, lock string) (sibling, adjacent, only bool) {
	ps, pname, pf := a.split(place)
	ls, lname, lf := a.split(lock)
	if !strings.HasPrefix(lock, a.Path+".") || ps == nil || ls == nil || pname != lname {
		return false, false, false
	}
	first, _, _ := strings.Cut(pf, ".")
	p, l := ps.fields[first], ls.fields[lf]
	if p == nil || l == nil {
		return true, false, len(ps.locks) <= 1
	}
	return true, p.paragraph == l.paragraph && p.index > l.index, len(ps.locks) == 1
}
