package tell

import (
	"strings"

	"github.com/lockcheck/lockcheck/runtime/internal/decide"
	"github.com/lockcheck/lockcheck/runtime/internal/name"
)

// A lock is a class as the source has it.
type lock struct {
	class string
	shaky bool // the calls of the class name different locks, or any
	exact bool // the name is that of a declaration
}

// Name returns the name of the declaration of the locks that are locked at sites, and whether there is
// one.
func Name(sites []uintptr) (class string, ok bool) {
	for _, pc := range sites {
		if strings.Contains(symbol(pc).Function, "[...]") {
			return "", false // the types of generic code are not known: the locks of two instances have one name
		}
	}
	l := nameOf(decide.Ref{Sites: sites})
	return l.class, l.exact && !l.shaky
}

// Class returns the name of a class of locks, given calls that lock them.
func Class(sites []uintptr) string { return nameOf(decide.Ref{Sites: sites}).class }

func nameOf(r decide.Ref) lock {
	var l lock
	for _, pc := range r.Sites {
		f := symbol(pc)
		n := name.Resolve(name.Site{Func: f.Function, File: f.File, Line: f.Line})
		switch n.Kind {
		case name.Field, name.Embedded, name.Var:
			switch {
			case !l.exact && n.Certain:
				l.class, l.exact = n.Class, true
			case l.class == "":
				l.class = n.Class
			case l.class != n.Class && n.Certain:
				l.shaky = true
			}
		case name.Param:
			l.shaky = true
			fallthrough
		default:
			if l.class == "" {
				l.class = n.Class
			}
		}
	}
	if l.class == "" {
		l.class = "a lock"
	}
	return l
}

// short returns a class without the path of its package.
func short(class string) string { return class[strings.LastIndexByte(class, '/')+1:] }
