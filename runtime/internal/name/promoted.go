package name

import (
	"go/types"
	"strings"
)

// promoted names the lock of a wrapper: a method (*T).Lock that the compiler made since T
// embeds a mutex and is used through an interface. It has no source of its own.
func promoted(s Site, sym symbol) Name {
	typ, method, ok := sym.method()
	if !ok || sym.pkg == "" || !strings.HasSuffix(method, "Lock") && !strings.HasSuffix(method, "Unlock") {
		return fallback(s)
	}
	path := sym.pkg
	if path == "main" && mainPath() != "" {
		path = mainPath()
	}
	typ, _, isLocal := strings.Cut(typ, "·") // declared in a function
	if !isLocal {
		switch n, known := promotedIn(path, typ, method); {
		case n.Class != "":
			return n
		case known:
			return fallback(s)
		}
	} else {
		typ += "'"
	}
	return Name{Class: path + "." + typ + "." + mutexOf(method), Kind: Embedded}
}

// promotedIn looks the method up in the source of its package. It reports whether the
// type was found there, and names nothing if the method is its own.
func promotedIn(path, typ, method string) (n Name, known bool) {
	dir := dirOf(path)
	if dir == "" {
		return Name{}, false
	}
	base, external := strings.CutSuffix(path, "_test")
	for _, tests := range []bool{false, true} {
		p := loadFor(path, dir, tests, external && dirOf(base) == dir)
		if p == nil {
			continue
		}
		tn, ok := p.types.Scope().Lookup(typ).(*types.TypeName)
		if !ok {
			continue
		}
		obj, steps, _ := types.LookupFieldOrMethod(types.NewPointer(tn.Type()), true, p.types, method)
		if _, ok := obj.(*types.Func); !ok { // of an embedded type that is not known
			return Name{}, false
		}
		if len(steps) < 2 {
			return Name{}, true
		}
		pl := p.descend(unknown, tn.Type(), steps[:len(steps)-1])
		if pl.class == "" {
			return Name{}, false
		}
		return Name{Class: pl.class, Kind: Embedded, Certain: pl.certain}, true
	}
	return Name{}, false
}

// loadFor loads a package of which only path and directory are known.
func loadFor(path, dir string, tests, external bool) *pkg {
	for _, p := range loaded {
		if p.path == path && p.dir == dir && p.tests == tests {
			return p
		}
	}
	if external {
		clause := clauseOfTests(dir)
		if clause == "" || !tests {
			return nil
		}
		return load(path, dir, clause, true)
	}
	return load(path, dir, "", tests)
}
