package model

import (
	"go/types"
	"strings"
)

// containers maps the types of the standard library which are not safe for use by several
// goroutines, and are often kept in fields, to those of their methods that only read.
var containers = map[string]map[string]map[string]bool{
	"bytes":          {"Buffer": set("Available", "Bytes", "Cap", "Len", "String", "AvailableBuffer")},
	"strings":        {"Builder": set("Cap", "Len", "String")},
	"bufio":          {"Writer": set("Available", "Buffered", "Size"), "Reader": set("Buffered", "Size")},
	"container/list": {"List": set("Back", "Front", "Len")},
	"container/ring": {"Ring": set("Len", "Do")},
	"math/rand":      {"Rand": set()},
	"math/rand/v2":   {"Rand": set()},
}

func set(names ...string) map[string]bool {
	m := map[string]bool{}
	for _, n := range names {
		m[n] = true
	}
	return m
}

// Mutates reports whether a method of a container of the standard library changes it;
// known is false for all other functions.
func Mutates(fn *types.Func) (write, known bool) {
	recv := fn.Signature().Recv()
	if recv == nil || fn.Pkg() == nil {
		return false, false
	}
	p, ok := types.Unalias(recv.Type()).(*types.Pointer)
	if !ok {
		return false, false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok {
		return false, false
	}
	readers, ok := containers[fn.Pkg().Path()][n.Obj().Name()]
	if !ok {
		return false, false
	}
	return !readers[fn.Name()], true
}

// Changes is [Mutates] of a method by the path of its package and its key: "(*bytes.Buffer).Write".
func Changes(pkg, key string) (write, known bool) {
	typ, method, ok := strings.Cut(key[strings.LastIndexByte(key, '/')+1:], ").")
	if !ok {
		return false, false
	}
	readers, ok := containers[pkg][typ[strings.LastIndexByte(typ, '.')+1:]]
	if !ok {
		return false, false
	}
	return !readers[method], true
}
