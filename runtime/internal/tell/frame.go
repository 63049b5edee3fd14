package tell

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

const self = "github.com/lockcheck/lockcheck/runtime"

// own reports whether a function is one of lockcheck's, on whose behalf the program's code does not
// run.
func own(fn string) bool {
	rest, ok := strings.CutPrefix(fn, self)
	if !ok {
		return false
	}
	return strings.HasPrefix(rest, "/internal/") && !strings.Contains(rest, "_test.") ||
		strings.HasPrefix(rest, ".(*Mutex).") || strings.HasPrefix(rest, ".(*RWMutex).") || strings.HasPrefix(rest, ".(*readLocker).") ||
		strings.HasPrefix(rest, ".(*Once).") || strings.HasPrefix(rest, ".(*Cond).") || strings.HasPrefix(rest, ".(*condLocker).") ||
		strings.HasPrefix(rest, ".(*WaitGroup).") || strings.HasPrefix(rest, ".Once")
}

// dir is where the source of package lockcheck is.
var dir = func() string {
	_, file, _, _ := runtime.Caller(0)
	return strings.TrimSuffix(file, "internal/tell/frame.go")
}()

// ownFile reports whether a file is one of those of package lockcheck that are on the stacks of
// programs. A function of it may have the name of the one in which it was inlined.
func ownFile(file string) bool {
	rest, ok := strings.CutPrefix(file, dir)
	return ok && strings.HasSuffix(rest, "on.go") && !strings.Contains(rest, "/")
}

// frames symbolizes a stack of return addresses, without lockcheck's frames at its top, and without
// those of the runtime and of package testing at its end.
func frames(pcs []uintptr) []report.Frame {
	if len(pcs) == 0 {
		return nil
	}
	var out []report.Frame
	it := runtime.CallersFrames(pcs)
	for {
		f, more := it.Next()
		if f.Function != "" && !(len(out) == 0 && own(f.Function)) && !ownFile(f.File) {
			out = append(out, report.Frame{Func: f.Function, File: shorten(f.File), Line: f.Line})
		}
		if !more {
			break
		}
	}
	for n := len(out); n > 1 && plumbing(out[n-1].Func); n-- {
		out = out[:n-1]
	}
	return out
}

func plumbing(fn string) bool {
	return strings.HasPrefix(fn, "runtime.") || strings.HasPrefix(fn, "testing.")
}

// At returns the call which returns to pc.
func At(pc uintptr) report.Frame {
	if list := frames([]uintptr{pc}); len(list) > 0 {
		return list[0]
	}
	return report.Frame{Func: "?", File: "?"}
}

// symbol returns what package name needs of the call which returns to pc.
func symbol(pc uintptr) runtime.Frame {
	it := runtime.CallersFrames([]uintptr{pc})
	for {
		f, more := it.Next()
		if !own(f.Function) || !more {
			return f
		}
	}
}

var workDir, _ = os.Getwd()

// shorten returns a path relative to where the program started, if that is below.
func shorten(file string) string {
	if workDir == "" {
		return file
	}
	rel, err := filepath.Rel(workDir, file)
	if err != nil || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return file
	}
	return filepath.ToSlash(rel)
}

// Trim leaves out lockcheck's frames, and those of package sync, at the top of a stack, and those of the
// runtime and of package testing at its end.
func Trim(list []report.Frame) []report.Frame {
	for len(list) > 1 && (own(list[0].Func) || plumbing(list[0].Func) || isSync(list[0].Func)) {
		list = list[1:]
	}
	out := make([]report.Frame, len(list))
	for i, f := range list {
		out[i] = report.Frame{Func: f.Func, File: shorten(f.File), Line: f.Line}
	}
	for n := len(out); n > 1 && plumbing(out[n-1].Func); n-- {
		out = out[:n-1]
	}
	return out
}
