package dump

import "strings"

const shim = "github.com/lockcheck/lockcheck/runtime"

// isPlumbing reports whether the function belongs to the mechanism of locks, not to
// the program that uses them.
func (f Frame) isPlumbing() bool {
	switch pkg := f.pkg(); pkg {
	case "runtime", "sync", "internal/sync", "github.com/sasha-s/go-deadlock", "panic":
		return true
	default:
		return strings.HasPrefix(pkg, "internal/runtime/") || f.isShim()
	}
}

// isShim reports whether the function is one of lockcheck's own runtime packages.
func (f Frame) isShim() bool {
	pkg := f.pkg()
	return pkg == shim || strings.HasPrefix(pkg, shim+"/") && !strings.HasSuffix(pkg, "_test")
}

// isOwn reports whether the goroutine is one that lockcheck has started for itself.
func (g *Goroutine) isOwn() bool {
	if len(g.Frames) == 0 || g.Waits != nil || g.Holds != nil {
		return false
	}
	switch g.Frames[len(g.Frames)-1].Func {
	case shim + "/internal/record.(*errand).run", shim + ".(*watchdog).run":
		return true
	}
	return false
}

// inner returns how many frames at the top belong to the mechanism of locks, or 0 if all do. Those
// of types that wrap a lock belong to it, too.
func (g *Goroutine) inner() int {
	n := g.bare()
	for n > 0 && n+1 < len(g.Frames) && g.Frames[n].wraps(g.Frames[n-1]) {
		n++
	}
	return n
}

// bare is inner without wrappers.
func (g *Goroutine) bare() int {
	for i, f := range g.Frames {
		if !f.isPlumbing() {
			return i
		}
	}
	return 0
}

// wraps reports whether a function does nothing but what the one does that it has called: it has the
// name of that method of a lock, as in types that embed one or have one as a field and add checks, names or
// statistics. Who waits is then the caller.
func (f Frame) wraps(called Frame) bool {
	switch name := strings.ToLower(called.base()); name {
	case "lock", "rlock", "do":
		return strings.ToLower(f.base()) == name
	}
	return false
}

// base returns the last part of the function's name, without type arguments.
func (f Frame) base() string {
	name, _, _ := strings.Cut(f.Func, "[")
	if i := strings.LastIndexByte(f.Func, ']'); i >= 0 && i+1 < len(f.Func) {
		name = f.Func[i+1:]
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

// plumbing returns how many frames at the top of a stack are not worth printing. The
// function of sync that the program has called is.
func (g *Goroutine) plumbing() int {
	n := g.bare()
	if n > 0 && !g.Frames[n-1].isShim() && g.Frames[n-1].pkg() != "runtime" {
		n--
	}
	return n
}

// at returns where the program stands: the first frame that is its own.
func (g *Goroutine) at() Frame {
	if n := g.inner(); n < len(g.Frames) {
		return g.Frames[n]
	}
	return Frame{}
}
