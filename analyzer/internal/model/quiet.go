package model

import (
	"go/types"
	"strings"
)

// Quiet reports whether a function does nothing but compute its result, if its arguments
// are plain values: it does not block, takes no lock, and tells nobody anything.
func Quiet(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	name := fn.Name()
	switch fn.Pkg().Path() {
	case "time":
		return computesTime(fn)
	case "fmt":
		return name == "Errorf" || name == "Sprintf" || name == "Sprint"
	}
	return Computes(fn.Pkg().Path(), fn.FullName())
}

// Computes reports whether a function, given by its package and full name, does nothing but compute its result, and in no time, if its
// arguments are plain values.
func Computes(pkg, full string) bool {
	switch pkg {
	case "errors":
		return full == "errors.New"
	case "math", "math/bits", "math/cmplx", "strconv", "strings", "unicode", "unicode/utf8", "unicode/utf16", "path":
		return !strings.HasPrefix(full, "(") // no method
	}
	return false
}

// computesTime reports whether a function of package time neither waits nor makes something that ticks.
func computesTime(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		switch fn.Name() {
		case "Now", "Since", "Until", "Unix", "UnixMilli", "UnixMicro", "Date", "Parse", "ParseDuration", "ParseInLocation":
			return true
		}
		return false
	}
	n, ok := types.Unalias(recv.Type()).(*types.Named) // not methods of pointers: those of Timer and Ticker
	return ok && (n.Obj().Name() == "Time" || n.Obj().Name() == "Duration" || n.Obj().Name() == "Month" || n.Obj().Name() == "Weekday")
}

// apart are packages whose functions neither wait for other goroutines nor tell them anything, except by what they call back.
var apart = set(
	"bytes", "cmp", "errors", "fmt", "hash", "html", "log", "log/slog", "maps", "math", "math/big", "math/bits", "math/cmplx", "math/rand", "math/rand/v2",
	"path", "path/filepath", "reflect", "regexp", "runtime", "slices", "sort", "strconv", "strings", "testing", "unicode", "unicode/utf16", "unicode/utf8",
)

// Apart reports whether a function neither waits for another goroutine nor tells one anything, except by the functions and methods that it
// calls back (see [Lookup]). It may block for the time that input and output take.
func Apart(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	if fn.Pkg().Path() == "time" {
		return computesTime(fn)
	}
	return apart[fn.Pkg().Path()] && SyncOf(fn) == NoSync
}
