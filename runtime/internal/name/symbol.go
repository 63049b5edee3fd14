package name

import (
	"regexp"
	"strconv"
	"strings"
)

// A symbol is the name of a function as the linker has it, taken apart. The symbols of
// closures that were inlined into another function begin with that function's
// package, not with their own: main.main.(*T).Do.func4 is a closure of T.Do of any
// package.
type symbol struct {
	pkg  string // import path, "" if there is none; "main" for a program's main package
	rest string // "(*T).M.func1", type arguments left out
}

func parseSymbol(fn string) symbol {
	i := strings.LastIndexByte(fn, '/') + 1
	if b := strings.IndexByte(fn, '['); b >= 0 && b < i {
		i = strings.LastIndexByte(fn[:b], '/') + 1 // a slash in a type argument
	}
	j := strings.IndexByte(fn[i:], '.')
	if j < 0 {
		return symbol{}
	}
	return symbol{unescape(fn[:i+j]), eraseArgs(fn[i+j+1:])}
}

// unescape gives back what the linker wrote as %2e and the like.
func unescape(pkg string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(pkg, '%')
		if i < 0 || i+3 > len(pkg) {
			b.WriteString(pkg)
			return b.String()
		}
		c, err := strconv.ParseUint(pkg[i+1:i+3], 16, 8)
		if err != nil {
			b.WriteString(pkg)
			return b.String()
		}
		b.WriteString(pkg[:i])
		b.WriteByte(byte(c))
		pkg = pkg[i+3:]
	}
}

// eraseArgs returns s without what stands in square brackets.
func eraseArgs(s string) string {
	if !strings.Contains(s, "[") {
		return s
	}
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// closure matches what the compiler appends for function literals, bodies of range
// loops over functions, and the functions it makes for go, defer and method values.
var closure = regexp.MustCompile(`^(\.func\d+|\.\d+|-range\d+|\.gowrap\d+|\.deferwrap\d+|-fm)*$`)

var literal = regexp.MustCompile(`\.func\d+|\.\d+`)

// within reports whether the symbol is the function spelled decl ("(*T).M", "F", or
// "" for a variable's initialiser) of its package, or a closure of it, and how many
// function literals deep.
func (s symbol) within(decl string) (depth int, ok bool) {
	rest := s.rest
	switch {
	case decl == "":
		var found bool
		if rest, found = strings.CutPrefix(rest, "glob."); !found {
			if rest, found = strings.CutPrefix(rest, "init"); !found {
				return 0, false
			}
		}
	case decl == "init": // init.0, init.1.func2
		var found bool
		if rest, found = strings.CutPrefix(rest, "init."); !found {
			return 0, false
		}
		rest = strings.TrimLeft(rest, "0123456789")
	default:
		var found bool
		if rest, found = strings.CutPrefix(rest, decl); !found {
			return 0, false
		}
	}
	if !closure.MatchString(rest) {
		return 0, false
	}
	return len(literal.FindAllString(rest, -1)), true
}

// method returns the type and the method of a symbol "(*T).M" or "T.M".
func (s symbol) method() (typ, name string, ok bool) {
	i := strings.LastIndexByte(s.rest, '.')
	if i < 0 {
		return "", "", false
	}
	typ = strings.TrimSuffix(strings.TrimPrefix(s.rest[:i], "(*"), ")")
	name = strings.TrimSuffix(s.rest[i+1:], "-fm")
	return typ, name, typ != "" && !strings.ContainsAny(typ, ".()*") && name != ""
}
