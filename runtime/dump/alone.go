package dump

import (
	"slices"
	"strings"
)

// alone returns a function that reports whether nobody but those who wait for a lock could hold it: the dump
// has all goroutines, and the others are in functions of the standard library only. (One that has ended
// may have left it locked.)
func (a *analysis) alone() func(*queue) bool {
	if !a.isComplete() {
		return func(*queue) bool { return false }
	}
	root := a.goroot()
	var others []*Goroutine
	for _, g := range a.d.Goroutines {
		if root == "" || slices.ContainsFunc(g.Frames, func(f Frame) bool { return f.isOfProgram(root) }) {
			others = append(others, g)
		}
	}
	return func(q *queue) bool {
		return !slices.ContainsFunc(others, func(g *Goroutine) bool { return !q.waits[g] })
	}
}

// isComplete reports whether the dump is one of all goroutines, not a part that somebody has chosen: the
// goroutine that printed it runs, or none can.
func (a *analysis) isComplete() bool {
	return slices.Contains(a.d.Notes, noteAsleep) || len(a.d.Goroutines) > 1 && !slices.Contains(a.d.Notes, noteCut) &&
		slices.ContainsFunc(a.d.Goroutines, func(g *Goroutine) bool { return g.State == "running" })
}

// goroot returns the folder of the standard library's source, by the files of package runtime or sync; "" if
// the program was built with -trimpath.
func (a *analysis) goroot() string {
	for _, g := range a.d.Goroutines {
		for _, f := range g.Frames {
			for _, pkg := range []string{"/runtime/", "/sync/"} {
				if root, file, ok := strings.Cut(f.File, "/src"+pkg); ok && !strings.Contains(file, "/") && strings.Trim(pkg, "/") == f.pkg() {
					return root + "/src/"
				}
			}
		}
	}
	return ""
}

// isOfProgram reports whether the function is none of the standard library. The main function of a test is
// generated.
func (f Frame) isOfProgram(root string) bool {
	return f.File != "_testmain.go" && !strings.HasPrefix(f.File, root)
}
