package calls

import (
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// builds tells the variants of packages apart that are compiled anew for a test. What is in the fields and parameters of one is not in those of the
// other, as their types are different ones of the same names.
type builds struct {
	paths map[string][]string  // of the packages that are compiled anew, by test
	known map[[2]string]string // see of
}

func newBuilds(fns []*effects.Func) builds {
	b := builds{map[string][]string{}, map[[2]string]string{}}
	seen := map[[2]string]bool{}
	for _, f := range fns {
		if k := [2]string{f.Build, f.Unit.Path}; f.Build != "" && !f.Wrapper && !seen[k] { // the unit of a wrapper is that of the method
			seen[k] = true
			b.paths[f.Build] = append(b.paths[f.Build], f.Unit.Path)
		}
	}
	return b
}

// of returns the build that a class or type is of, in a function of a build: "" if it is of no package that is compiled anew.
func (b *builds) of(build, text string) string {
	if build == "" {
		return ""
	}
	k := [2]string{build, text}
	in, ok := b.known[k]
	if !ok {
		if slices.ContainsFunc(b.paths[build], func(path string) bool { return mentions(text, path) }) {
			in = build
		}
		b.known[k] = in
	}
	return in
}

// name returns a class or type with the build that it is of.
func (g *graph) name(build, text string) string {
	if in := g.builds.of(build, text); in != "" {
		return text + " [" + in + "]"
	}
	return text
}

// mentions reports whether something of a package is named in a text.
func mentions(text, path string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], path+".")
		if i < 0 {
			return false
		}
		i += from
		from = i + len(path) + 1
		rest := text[from:]
		if end := strings.IndexFunc(rest, func(r rune) bool { return !inPath(r) }); end >= 0 {
			rest = rest[:end]
		}
		if (i == 0 || !inPath(rune(text[i-1])) || strings.HasSuffix(text[:i], "...")) && !strings.Contains(rest, "/") {
			return true
		}
	}
}

func inPath(r rune) bool {
	return r == '/' || r == '.' || r == '-' || r == '_' || r == '~' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80
}
