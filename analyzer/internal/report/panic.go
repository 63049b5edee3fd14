package report

import (
	"path/filepath"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/parallel"
)

// PanicSite returns "file.go:line" of the innermost frame of a recovered panic's stack,
// in a goroutine's usual form, that is not the runtime's. What was recovered may be of a goroutine of its own.
func PanicSite(recovered any, stack []byte) string {
	if p, ok := recovered.(*parallel.Panic); ok {
		stack = p.Stack
	}
	lines := strings.Split(string(stack), "\n")
	panicked := false
	for i := 0; i+1 < len(lines); i++ {
		if strings.HasPrefix(lines[i], "panic(") {
			panicked = true
			continue
		}
		if panicked && !strings.HasPrefix(lines[i], "\t") && !strings.HasPrefix(lines[i], "runtime.") {
			if file, ok := strings.CutPrefix(lines[i+1], "\t"); ok {
				file, _, _ = strings.Cut(file, " ")
				return filepath.Base(file)
			}
		}
	}
	return "an unknown place"
}
