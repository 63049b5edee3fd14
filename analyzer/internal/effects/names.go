package effects

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// names tells how a unit's text writes import paths, functions and types.
type names struct {
	unit  *Unit
	short map[string]string // import path with slashes -> name in the text
	paths []string          // those paths, sorted
	long  map[string]string // the inverse
	funcs map[*Func]string
	types map[*Type]string // named types
	vars  map[string]*Type // class of a package variable -> type of its first use
	order []string         // those classes, in the order of their first use
	known map[string]bool  // names of functions of the unit
}

func newNames(u *Unit) *names {
	n := &names{unit: u, short: map[string]string{}, long: map[string]string{}, funcs: map[*Func]string{}, types: map[*Type]string{}, vars: map[string]*Type{}, known: map[string]bool{}}
	if u == nil {
		n.unit = &Unit{}
		return n
	}
	n.collect()
	n.abbreviate()
	count := map[string]int{}
	for _, f := range u.Funcs {
		n.funcs[f] = n.numbered(f.Name, count)
		n.known[f.Name] = true
	}
	clear(count)
	for _, t := range u.Types {
		if t.Name != "" {
			n.types[t] = n.numbered(t.Name, count)
		}
	}
	for _, t := range u.Types {
		if count[t.Name] > 1 && n.types[t] == n.name(t.Name) {
			n.types[t] += "~1"
		}
	}
	return n
}

// numbered returns a name in the text, with a number if there are others of it.
func (n *names) numbered(name string, count map[string]int) string {
	count[name]++
	if k := count[name]; k > 1 {
		return n.name(name) + "~" + strconv.Itoa(k)
	}
	return n.name(name)
}

// collect finds the import paths and variables of a unit.
func (n *names) collect() {
	met := map[string]bool{}
	path := func(p string) {
		if !met[p] {
			met[p] = true
			if strings.Contains(p, "/") {
				n.paths = append(n.paths, p)
			}
		}
	}
	path(n.unit.Path)
	for _, t := range n.unit.Types {
		path(t.Pkg)
	}
	for _, f := range n.unit.Funcs {
		for i := range f.Code {
			switch in := &f.Code[i]; {
			case in.Op == FuncOf || in.Op.Calls():
				path(in.Class)
			case in.Op == Global:
				path(strings.TrimSuffix(in.Class, "."+in.Sym))
				if _, ok := n.vars[in.Class]; !ok {
					n.vars[in.Class] = in.Type
					n.order = append(n.order, in.Class)
				}
			}
		}
		for _, cs := range f.Callbacks {
			for _, c := range cs {
				path(c.Pkg)
			}
		}
	}
	slices.Sort(n.paths)
}

// abbreviate gives import paths that have slashes names without.
func (n *names) abbreviate() {
	taken := map[string]bool{}
	for i, p := range slices.Insert(slices.Clone(n.paths), 0, n.unit.Path) {
		if i > 0 && p == n.unit.Path || !strings.Contains(p, "/") {
			continue
		}
		base := shortName(p)
		if i == 0 && n.unit.Name != "" && shortable(n.unit.Name) {
			base = n.unit.Name
		}
		s := base
		for k := 2; taken[s]; k++ {
			s = fmt.Sprint(base, k)
		}
		taken[s] = true
		n.short[p], n.long[s] = s, p
	}
}

func shortable(s string) bool {
	return s != "" && !strings.ContainsAny(s, ".$@#'[~") && wordEnd(s) == len(s)
}

// shortName returns what a package of a path is most likely called.
func shortName(path string) string {
	parts := strings.Split(path, "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		last = parts[len(parts)-2]
	}
	last, _, _ = strings.Cut(last, ".")
	if i := strings.LastIndexByte(last, '-'); i >= 0 {
		last = last[i+1:]
	}
	if !shortable(last) {
		return "p"
	}
	return last
}

// swap replaces the package that a name begins with.
func swap(name string, by func(path string) (string, bool)) string {
	rest := strings.TrimLeft(name, "(*")
	head := name[:len(name)-len(rest)]
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '.':
			if to, ok := by(rest[:i]); ok {
				return head + to + rest[i:]
			}
		case '(', '[', '$', '@', '{':
			return name
		}
	}
	return name
}

// shorten writes the package that a name begins with as the text does.
func (n *names) shorten(name string) string {
	return swap(name, func(p string) (string, bool) { s, ok := n.short[p]; return s, ok })
}

// expand is the inverse of shorten.
func (n *names) expand(name string) string {
	return swap(name, func(s string) (string, bool) { p, ok := n.long[s]; return p, ok })
}

// name returns a name with a dot as a word of the text.
func (n *names) name(name string) string {
	s := n.shorten(name)
	if strings.Contains(s, ".") && wordEnd(s) == len(s) && !strings.Contains(s, "~") && n.expand(s) == name {
		return s
	}
	return "@" + strconv.Quote(name)
}

// path returns an import path as the text writes it.
func path(p string) string {
	if p != "" && p != "_" && wordEnd(p) == len(p) {
		return p
	}
	return strconv.Quote(p)
}

// ident returns a name without a dot as a word of the text.
func ident(s string) string {
	if shortable(s) && s != "_" {
		return s
	}
	return strconv.Quote(s)
}

// callee returns how an instruction names a function: one of the unit by its name, others by their keys.
func (n *names) callee(fn *Func, pkg, key string) string {
	if s, ok := n.funcs[fn]; ok && fn != nil {
		if key != fn.calleeKey() {
			s += "!key " + strconv.Quote(key)
		}
		if pkg != n.unit.Path {
			s += "!in " + path(pkg)
		}
		return s
	}
	s := n.name(key)
	if s[0] != '@' && n.known[key] {
		s = "@" + strconv.Quote(key)
	}
	if pkg != n.pathOf(key) {
		s += "!in " + path(pkg)
	}
	return s
}

// pathOf returns the package of a name or key.
func (n *names) pathOf(name string) string {
	found := ""
	swap(name, func(p string) (string, bool) {
		if _, ok := n.short[p]; ok {
			found = p
			return p, true
		}
		return "", false
	})
	if found != "" {
		return found
	}
	return pathOf(name)
}

// typ returns a type as the text writes it; nil is "_".
func (n *names) typ(t *Type) string {
	if t == nil {
		return "_"
	}
	if t.Name != "" {
		return n.typeName(t)
	}
	return n.underlying(t)
}

func (n *names) typeName(t *Type) string {
	if s, ok := n.types[t]; ok && !(t.Name == "error" && s == `@"error"`) {
		return s
	}
	if t.Name == "error" {
		return "error"
	}
	return n.name(t.Name)
}

// underlying returns a type without its name.
func (n *names) underlying(t *Type) string {
	s := n.shape(t)
	if t.Sync == NoSync && !t.Error && !t.Serves {
		return s
	}
	switch t.Kind {
	case Pointer, Array, SliceOf, Map, Chan:
		s = "(" + s + ")"
	}
	if t.Sync != NoSync {
		s += "!" + t.Sync.String()
	}
	if t.Error {
		s += "!error"
	}
	if t.Serves {
		s += "!serves"
	}
	return s
}

func (n *names) shape(t *Type) string {
	switch t.Kind {
	case Pointer:
		return "*" + n.typ(t.Elem)
	case Array:
		return fmt.Sprintf("[%d]%s", t.Len, n.typ(t.Elem))
	case SliceOf:
		return "[]" + n.typ(t.Elem)
	case Map:
		return "map[_]" + n.typ(t.Elem)
	case Chan:
		return "chan " + n.typ(t.Elem)
	case Struct:
		if len(t.Fields) == 0 {
			return "struct"
		}
		return "struct { " + strings.Join(n.fields(t), "; ") + " }"
	case Signature:
		if len(t.Results) == 0 {
			return "func()"
		}
		return "func() " + n.tuple(t.Results)
	case Tuple:
		return n.tuple(t.Results)
	}
	return t.Kind.String()
}

func (n *names) fields(t *Type) []string {
	fs := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		typ := n.typ(f.Type)
		switch {
		case f.Embedded && f.Type != nil && f.Name == embeddedName(typ):
			fs[i] = typ
		case f.Embedded:
			fs[i] = "+ " + ident(f.Name) + " " + typ
		default:
			fs[i] = fieldName(f.Name) + " " + typ
		}
	}
	return fs
}

func fieldName(s string) string {
	if s == "_" {
		return s
	}
	return ident(s)
}

// embeddedName returns the name of a field that is embedded by a type in text form, "" if it must be told.
func embeddedName(typ string) string {
	typ = strings.TrimPrefix(typ, "*")
	if !strings.Contains(typ, ".") || wordEnd(typ) != len(typ) {
		return ""
	}
	typ, _, _ = strings.Cut(typ[strings.LastIndexByte(typ, '.')+1:], "~")
	return strings.TrimRight(typ, "'")
}

func (n *names) tuple(ts []*Type) string {
	ss := make([]string, len(ts))
	for i, t := range ts {
		ss[i] = n.typ(t)
	}
	if len(ss) == 1 {
		return "(" + ss[0] + ",)"
	}
	return "(" + strings.Join(ss, ", ") + ")"
}

// declared reports whether a type must be declared for its name to mean it.
func (n *names) declared(t *Type) bool {
	if t.Name == "" {
		return false
	}
	d := defaultType(t.Name, n.pathOf)
	return strings.Contains(n.typeName(t), "~") || t.Kind != d.Kind || t.Sync != d.Sync || t.Pkg != d.Pkg || t.Error != d.Error || t.Serves ||
		len(t.Fields) > 0 || t.Elem != nil || t.Len != 0 || len(t.Results) > 0
}

// defaultType returns the named type that a name means if it is not declared.
func defaultType(name string, pathOf func(string) string) *Type {
	t, ok := knownTypes[name]
	if !ok {
		t = Type{Kind: Struct, Pkg: pathOf(name)}
	}
	t.Name = name
	return &t
}
