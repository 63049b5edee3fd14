package typetest

import (
	"bytes"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// exports are the files with export data, by import path.
var exports = struct {
	sync.Mutex
	files map[string]string
}{files: map[string]string{}}

// find asks the go command for the export data of packages of the standard library, so far as that is not known.
func find(paths ...string) error {
	exports.Lock()
	defer exports.Unlock()
	var missing []string
	for _, p := range paths {
		if exports.files[p] == "" && p != "unsafe" && p != "C" {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	cmd := exec.Command("go", append([]string{"list", "-export", "-f", "{{.ImportPath}}\t{{.Export}}", "--"}, missing...)...)
	// Outside of modules, nothing but the standard library is found.
	cmd.Env = append(os.Environ(), "GO111MODULE=off", "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = errors.New(string(bytes.TrimSpace(exit.Stderr)))
		}
		return fmt.Errorf("go list: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		exports.files[path] = file
	}
	return nil
}

// open returns the export data of a package.
func open(path string) (io.ReadCloser, error) {
	if err := find(path); err != nil {
		return nil, err
	}
	exports.Lock()
	defer exports.Unlock()
	return os.Open(exports.files[path])
}

// Std returns an importer of the standard library. One goroutine may use it at a time.
func Std(fset *token.FileSet) types.Importer { return importer.ForCompiler(fset, "gc", open) }
