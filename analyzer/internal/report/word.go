package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/lockgraph"
)

// Func returns the name of a function as messages for package from show it.
func Func(full, from string) string {
	name, ok := strings.CutPrefix(full, from+".")
	if !ok || strings.Contains(name, "/") && !strings.HasPrefix(name, "(") {
		dir := ""
		head := full
		// The import path may contain dots and the receiver slashes: split at the dot
		// behind the last slash before any parenthesis.
		if i := strings.IndexByte(head, '('); i >= 0 {
			head = head[:i]
		}
		dir, _ = path.Split(head)
		name = full[len(dir):]
		// store.(*Store).Put reads (*store.Store).Put
		if pkg, rest, ok := strings.Cut(name, ".(*"); ok {
			name = "(*" + pkg + "." + rest
		} else if pkg, rest, ok := strings.Cut(name, ".("); ok {
			name = "(" + pkg + "." + rest
		}
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, "$bound"), "$thunk")
	if i := strings.IndexByte(name, '$'); i >= 0 {
		return "func literal in " + name[:i]
	}
	return name
}

// At returns the base name of the file and the line.
func At(f lockgraph.Frame) string {
	return fmt.Sprintf("%s:%d", path.Base(strings.ReplaceAll(f.File, "\\", "/")), f.Line)
}

// Lock returns a class as messages for package from show it.
func Lock(c lockgraph.Class, from string) string { return ident.Short(string(c), from) }

// Locks returns the verb of an acquisition.
func Locks(m lockgraph.Mode) string {
	if m == lockgraph.Read {
		return "read-locks"
	}
	return "locks"
}

// Locked returns the participle of an acquisition.
func Locked(m lockgraph.Mode) string {
	if m == lockgraph.Read {
		return "read-locked"
	}
	return "locked"
}

// Held returns the participle of holding.
func Held(m lockgraph.Mode) string {
	if m == lockgraph.Read {
		return "read-held"
	}
	return "held"
}

// Trace words a chain of calls that ends in an acquisition of lock, one step a frame;
// the last call and the acquisition are one step.
func Trace(fs []lockgraph.Frame, lock string, m lockgraph.Mode, from, suffix string) []TraceStep {
	if len(fs) == 1 {
		return []TraceStep{{fs[0], fmt.Sprintf("%s %s %s at %s%s", Func(fs[0].Func, from), Locks(m), lock, At(fs[0]), suffix)}}
	}
	var steps []TraceStep
	for i := 0; i+1 < len(fs); i++ {
		msg := fmt.Sprintf("%s calls %s", Func(fs[i].Func, from), Func(fs[i+1].Func, from))
		if i+2 == len(fs) {
			msg += fmt.Sprintf(", which %s %s at %s%s", Locks(m), lock, At(fs[i+1]), suffix)
		}
		steps = append(steps, TraceStep{fs[i], msg})
	}
	return steps
}

// Count returns a number of things with their noun.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// A TraceStep is one worded frame.
type TraceStep struct {
	Frame   lockgraph.Frame
	Message string
}

// Fingerprint hashes the parts that identify a finding.
func Fingerprint(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// CompareFrames orders chains of calls by the positions of their steps.
func CompareFrames(a, b []lockgraph.Frame) int {
	return slices.CompareFunc(a, b, func(x, y lockgraph.Frame) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Col, y.Col), cmp.Compare(x.Func, y.Func))
	})
}
