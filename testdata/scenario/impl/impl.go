// Package impl builds one program for several implementations of package sync, as their
// users do: by replacing the import, and with the build tags that switch them on. The
// files are replaced in an overlay of the build, so that lines keep their numbers and
// nothing is written into the module.
package impl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
)

// An Impl is an implementation of package sync.
type Impl struct {
	Name   string
	Import string // instead of sync
	Tags   string // build tags
	Module string // whose version is of interest, if any
}

// The implementations. Those of the peers are packages of aliases, since the peers lack
// some of what sync has.
var (
	Sync       = Impl{Name: "sync", Import: "sync"}
	Ours       = Impl{Name: "lockcheck", Import: "github.com/lockcheck/lockcheck/runtime", Tags: "lockcheck"}
	Off        = Impl{Name: "off", Import: "github.com/lockcheck/lockcheck/runtime"}
	GoDeadlock = Impl{Name: "go-deadlock", Import: "example.com/scenario/impl/godeadlock", Module: "github.com/sasha-s/go-deadlock"}
	Linkdata   = Impl{Name: "linkdata", Import: "example.com/scenario/impl/linkdata", Tags: "deadlock", Module: "github.com/linkdata/deadlock"}
)

var importSync = regexp.MustCompile(`(?m)^((?:import)?\s+)"sync"$`)

// Build compiles the package in dir, a folder of this module, with the implementation and
// returns the program, which it puts into out.
func (i Impl) Build(dir, out string, race bool) (program string, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	name := i.Name
	args := []string{"build"}
	if race {
		name += "-race"
		args = append(args, "-race")
	}
	if i.Tags != "" {
		args = append(args, "-tags", i.Tags)
	}
	if i.Import != "sync" {
		overlay, err := i.overlay(files, filepath.Join(out, name+".overlay"))
		if err != nil {
			return "", err
		}
		args = append(args, "-overlay", overlay)
	}
	program = filepath.Join(out, name+".exe")
	cmd := exec.Command("go", append(args, "-o", program, ".")...)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %v\n%s", name, err, text)
	}
	return program, nil
}

// overlay writes the files with the import replaced, and what -overlay wants, into dir.
func (i Impl) overlay(files []string, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	replace := make(map[string]string)
	for _, file := range files {
		old, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		text := importSync.ReplaceAll(old, []byte(`${1}sync "`+i.Import+`"`))
		if bytes.Equal(old, text) {
			continue
		}
		to := filepath.Join(dir, filepath.Base(file))
		if err := os.WriteFile(to, text, 0o666); err != nil {
			return "", err
		}
		replace[file] = to
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, data, 0o666)
}

// Version returns the version of the implementation's module, or "".
func (i Impl) Version() (string, error) {
	if i.Module == "" {
		return "", nil
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", i.Module).Output()
	return string(bytes.TrimSpace(out)), err
}
