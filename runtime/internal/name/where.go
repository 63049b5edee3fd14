package name

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Where packages are: which directory has the source of an import path, and the other way
// round. There are three sources: the symbols of sites whose function is that which the
// source has at their line, the go.mod files above a directory, and the working directory,
// which is a package's own when its tests start.

// A module is a directory with a go.mod file. The zero module is none.
type module struct{ root, path string }

var (
	modules  = map[string]module{} // by directory
	packages = map[string]string{} // directory by import path, from sites
	paths    = map[string]string{} // import path by directory, from sites
)

// maxKnown bounds each of these maps.
const maxKnown = 4096

// moduleOf returns the module that contains dir.
func moduleOf(dir string) module {
	if m, ok := modules[dir]; ok {
		return m
	}
	if len(modules) >= maxKnown {
		clear(modules)
	}
	var m module
	if src, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
		m = module{dir, modulePath(string(src))}
	} else if up := filepath.Dir(dir); up != dir {
		m = moduleOf(up)
	}
	modules[dir] = m
	return m
}

// modulePath returns the path in the text of a go.mod file.
func modulePath(src string) string {
	for line := range strings.Lines(src) {
		line, _, _ = strings.Cut(line, "//")
		f := strings.Fields(line)
		if len(f) != 2 || f[0] != "module" {
			continue
		}
		if p, err := strconv.Unquote(f[1]); err == nil {
			return p
		}
		return f[1]
	}
	return ""
}

// importPath returns the import path of a directory by its module, "" if there is none.
func importPath(dir string) string {
	m := moduleOf(dir)
	if m.path == "" {
		return ""
	}
	rel, err := filepath.Rel(m.root, dir)
	if err != nil {
		return ""
	}
	switch rel = filepath.ToSlash(rel); {
	case rel == ".":
		return m.path
	case m.path == "std" || m.path == "cmd" && rel == "cmd":
		return strings.TrimPrefix(rel, "vendor/")
	}
	return m.path + "/" + rel
}

// dirIn returns the directory of an import path in module m, "" if it is not in it.
func (m module) dirIn(path string) string {
	if m.path == "" {
		return ""
	}
	if path == m.path {
		return m.root
	}
	rest, ok := strings.CutPrefix(path, m.path+"/")
	if !ok {
		return ""
	}
	dir := filepath.Join(m.root, filepath.FromSlash(rest))
	for d := dir; len(d) > len(m.root); d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return "" // a module of its own, of which this program may use another version
		}
	}
	return dir
}

// workModule is the module that the program was started in.
var workModule = sync.OnceValue(func() module {
	dir, err := os.Getwd()
	if err != nil {
		return module{}
	}
	return moduleOf(dir)
})

// dirOf returns the directory of an import path, "" if it is not known.
func dirOf(path string) string {
	if dir, ok := packages[path]; ok {
		return dir
	}
	return workModule().dirIn(strings.TrimSuffix(path, "_test"))
}

// learn notes that a site's symbol was that of the function at its line.
func learn(path, dir string) {
	if len(packages) >= maxKnown {
		clear(packages)
		clear(paths)
	}
	packages[path] = dir
	paths[dir] = strings.TrimSuffix(path, "_test")
}

// mainPath is the import path of the program's main package, whose symbols only say "main".
var mainPath = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Path == "command-line-arguments" {
		return ""
	}
	return info.Path
})

// locate returns the file of a site on this machine, "" if it is not here. Programs built
// with -trimpath have import paths for directories: those of the module we were
// started in can be found.
func locate(file string) string {
	if filepath.IsAbs(file) {
		if _, err := os.Stat(file); err != nil {
			return ""
		}
		return filepath.Clean(file)
	}
	i := strings.LastIndexByte(file, '/')
	if i < 0 {
		return ""
	}
	dir := workModule().dirIn(file[:i])
	if dir == "" {
		return ""
	}
	path := filepath.Join(dir, file[i+1:])
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// built is when this program was linked. Source that is younger may have other lines.
var built = sync.OnceValue(func() time.Time {
	exe, err := os.Executable()
	if err != nil {
		return time.Time{}
	}
	fi, err := os.Stat(exe)
	if err != nil {
		return time.Time{}
	}
	return fi.ModTime()
})

// changed reports whether a file may have been edited since the program was built.
func changed(file string) bool {
	fi, err := os.Stat(file)
	return err != nil || !built().IsZero() && fi.ModTime().After(built())
}
