package text

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// names tells how a unit's text writes import paths, functions and types.
type names struct {
	unit  *effects.Unit
	met   map[string]bool   // import paths in names that are written
	short map[string]string // import path with slashes -> name in the text
	long  map[string]string // the inverse
	funcs map[*effects.Func]string
	types map[*effects.Type]string // named types
	vars  map[string]*effects.Type // class of a package variable -> type of its first use
	order []string                 // those classes, in the order of their first use
	known map[string]bool          // names of functions of the unit
	keyed map[string]*effects.Func // the first function of the unit by the key in instructions
	bases map[string]int           // last elements of the names of files -> how often
}

// newNames returns the names for a unit in which import paths are not yet shorter.
func newNames(u *effects.Unit) *names {
	n := &names{unit: u, met: map[string]bool{}, short: map[string]string{}, long: map[string]string{}, vars: map[string]*effects.Type{}, known: map[string]bool{}, bases: map[string]int{}}
	if u == nil {
		n.unit = &effects.Unit{}
	}
	n.keyed = byKey(n.unit)
	for _, f := range n.unit.Files {
		n.bases[base(f)]++
	}
	for _, f := range n.unit.Funcs {
		n.known[f.Name] = true
		for i := range f.Code[:f.First] {
			if in := &f.Code[i]; in.Op == effects.Global {
				if _, ok := n.vars[in.Class]; !ok {
					n.vars[in.Class] = in.Type
					n.order = append(n.order, in.Class)
				}
			}
		}
	}
	n.number()
	return n
}

// number finds the names of functions and types.
func (n *names) number() {
	n.funcs, n.types = map[*effects.Func]string{}, map[*effects.Type]string{}
	count := map[string]int{}
	for _, f := range n.unit.Funcs {
		n.funcs[f] = n.numbered(f.Name, count)
	}
	clear(count)
	for _, t := range n.unit.Types {
		if t.Name != "" {
			n.types[t] = n.numbered(t.Name, count)
		}
	}
	for _, t := range n.unit.Types {
		if count[t.Name] > 1 && n.types[t] == n.name(t.Name) {
			n.types[t] += "~1"
		}
	}
}

// numbered returns a name in the text, with a number if there are others of it.
func (n *names) numbered(name string, count map[string]int) string {
	count[name]++
	if k := count[name]; k > 1 {
		return n.name(name) + "~" + strconv.Itoa(k)
	}
	return n.name(name)
}

// abbreviate gives the import paths that were met and have slashes names without.
func (n *names) abbreviate() {
	taken := map[string]bool{}
	for p := range n.met {
		taken[p] = !strings.Contains(p, "/")
	}
	n.add(n.unit.Path, n.unit.Name, taken)
	for _, p := range slices.Sorted(maps.Keys(n.met)) {
		n.add(p, "", taken)
	}
	n.number()
}

// add abbreviates an import path; name is what its package is called, "" if that is not known.
func (n *names) add(path, name string, taken map[string]bool) {
	if !strings.Contains(path, "/") || n.short[path] != "" {
		return
	}
	if !shortable(name) {
		name = shortName(path)
	}
	s := name
	for k := 2; taken[s]; k++ {
		s = fmt.Sprint(name, k)
	}
	taken[s] = true
	n.short[path], n.long[s] = s, path
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

// shorten writes the package that a name begins with as the text does.
func (n *names) shorten(name string) string {
	path := pathOf(name)
	n.met[path] = true
	if s := n.short[path]; s != "" {
		i := strings.Index(name, path)
		return name[:i] + s + name[i+len(path):]
	}
	return name
}

// expand is the inverse of shorten.
func (n *names) expand(name string) string {
	rest := strings.TrimLeft(name, "(*")
	s, tail, _ := strings.Cut(rest, ".")
	if path := n.long[s]; path != "" {
		return name[:len(name)-len(rest)] + path + "." + tail
	}
	return name
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
func (n *names) callee(fn *effects.Func, pkg, key string) string {
	if s, ok := n.funcs[fn]; ok && fn != nil {
		if key != fn.CalleeKey() {
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
	if pkg != pathOf(key) {
		s += "!in " + path(pkg)
	}
	return s
}

// typ returns a type as the text writes it; nil is "_".
func (n *names) typ(t *effects.Type) string {
	if t == nil {
		return "_"
	}
	if t.Name != "" {
		return n.typeName(t)
	}
	return n.underlying(t)
}

func (n *names) typeName(t *effects.Type) string {
	if s, ok := n.types[t]; ok && !(t.Name == "error" && s == `@"error"`) {
		return s
	}
	if t.Name == "error" {
		return "error"
	}
	return n.name(t.Name)
}

// underlying returns a type without its name.
func (n *names) underlying(t *effects.Type) string {
	s := n.shape(t)
	if t.Sync == effects.NoSync && !t.Error && !t.Serves {
		return s
	}
	switch t.Kind {
	case effects.Pointer, effects.Array, effects.SliceOf, effects.Map, effects.Chan:
		s = "(" + s + ")"
	}
	if t.Sync != effects.NoSync {
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

func (n *names) shape(t *effects.Type) string {
	switch t.Kind {
	case effects.Pointer:
		return "*" + n.typ(t.Elem)
	case effects.Array:
		return fmt.Sprintf("[%d]%s", t.Len, n.typ(t.Elem))
	case effects.SliceOf:
		return "[]" + n.typ(t.Elem)
	case effects.Map:
		return "map[_]" + n.typ(t.Elem)
	case effects.Chan:
		return "chan " + n.typ(t.Elem)
	case effects.Struct:
		if len(t.Fields) == 0 {
			return "struct{}"
		}
		return "struct { " + strings.Join(n.fields(t), "; ") + " }"
	case effects.Signature:
		s := "func()"
		if t.Text != "" {
			s = "func(" + strconv.Quote(t.Text) + ")"
		}
		if len(t.Results) > 0 {
			s += " " + n.tuple(t.Results)
		}
		return s
	case effects.TypeParam:
		if t.Text != "" || len(t.Methods) > 0 {
			return "typeparam(" + quoted(append([]string{t.Text}, t.Methods...)) + ")"
		}
	case effects.Interface:
		if len(t.Methods) > 0 {
			return "interface(" + quoted(t.Methods) + ")"
		}
	case effects.Tuple:
		return n.tuple(t.Results)
	}
	return t.Kind.String()
}

func (n *names) fields(t *effects.Type) []string {
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

func (n *names) tuple(ts []*effects.Type) string {
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
func (n *names) declared(t *effects.Type) bool {
	if t.Name == "" {
		return false
	}
	d := defaultType(t.Name)
	return strings.Contains(n.typeName(t), "~") || t.Kind != d.Kind || t.Sync != d.Sync || t.Pkg != d.Pkg || t.Error != d.Error || t.Serves ||
		len(t.Fields) > 0 || t.Elem != nil || t.Len != 0 || len(t.Results) > 0 || t.Text != "" || len(t.Methods) > 0
}

// defaultType returns the named type that a name means if it is not declared.
func defaultType(name string) *effects.Type {
	t, ok := knownTypes[name]
	if !ok {
		t = effects.Type{Kind: effects.Struct, Pkg: pathOf(name)}
	}
	t.Name = name
	return &t
}
