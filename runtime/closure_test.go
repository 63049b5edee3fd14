package lockcheck_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const self = "github.com/lockcheck/lockcheck"

// deps returns what a package of this module needs to be built with tags.
func deps(t *testing.T, pkg, tags string) []string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-tags", tags, "-f", "{{.ImportPath}} {{.Standard}}", pkg)
	cmd.Env = environ()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// TestImports holds what programs get with an import of lockcheck to package sync's neighbours, lockgraph, and
// the packages below this one: nothing that has to be downloaded, and no package of the standard library that
// changes programs by being there.
func TestImports(t *testing.T) {
	t.Parallel()
	for _, tags := range []string{"", "lockcheck"} {
		var linked []string
		for _, line := range deps(t, self+"/runtime", tags) {
			path, standard, _ := strings.Cut(line, " ")
			if standard == "true" {
				switch path {
				case "net", "net/http", "testing", "expvar", "os/exec", "plugin", "runtime/cgo", "unique/internal":
					t.Errorf("with tags %q, %s is needed", tags, path)
				}
				continue
			}
			linked = append(linked, path)
			if path != self+"/lockgraph" && path != self+"/runtime" && !strings.HasPrefix(path, self+"/runtime/") {
				t.Errorf("with tags %q, %s is needed", tags, path)
			}
		}
		engine := []string{self + "/lockgraph", self + "/runtime/internal/decide", self + "/runtime/internal/name", self + "/runtime/internal/record"}
		for _, path := range engine {
			if slices.Contains(linked, path) != (tags == "lockcheck") {
				t.Errorf("with tags %q, %s is linked: %v", tags, path, tags != "lockcheck")
			}
		}
	}
}
