package godeadlock

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/lockcheck/lockcheck/runtime/internal/name"
	"github.com/lockcheck/lockcheck/runtime/internal/report"
)

// A lockName says what the source calls a lock, and does with it, in a line.
type lockName struct {
	text  string // with the path of the package
	found bool   // else the text is a mere position
	class bool   // the text is a class, for certain
	op    string // Lock, RLock, TryLock, TryRLock, "" if it is not known
}

func (s *source) lockName(frames []frame) lockName {
	f := frames[0]
	var l lockName
	if m := lockCall.FindStringSubmatch(s.line(f.file, f.line)); m != nil {
		l.op = m[1]
	}
	// The function would have to be named with the whole path of its package.
	n := name.Resolve(name.Site{File: f.file, Line: f.line, Op: l.op})
	if l.found = n.Expr != ""; l.found {
		l.text, l.class = n.Class, n.Kind == name.Field || n.Kind == name.Embedded || n.Kind == name.Var
		return l
	}
	l.text = fmt.Sprintf("%s@%s:%d", f.fn, filepath.Base(f.file), f.line)
	return l
}

// better returns the name that says more.
func better(a, b lockName) lockName {
	if a.class || !b.class && (a.found || !b.found) {
		return a
	}
	return b
}

func (l lockName) reads() bool { return strings.HasSuffix(l.op, "RLock") }
func (l lockName) tries() bool { return strings.HasPrefix(l.op, "Try") }

// verb returns "locks" or "read-locks", and so on.
func (l lockName) verb(v string) string {
	if l.reads() {
		return "read-" + v
	}
	return v
}

func (l lockName) short() string { return short(l.text) }

// short returns a name without the path of its package.
func short(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

func (s *source) stack(frames []frame) []report.Frame {
	var out []report.Frame
	for _, f := range frames {
		out = append(out, report.Frame{Func: f.fn, File: s.shorten(f.file), Line: f.line})
	}
	return out
}

// at says where a step was made.
func (s *source) at(st step) string {
	f := st.frames[0]
	return fmt.Sprintf("%s:%d, in %s", s.shorten(f.file), f.line, short(f.fn))
}

// shorten returns a path relative to the working directory, if that is below.
func (s *source) shorten(file string) string {
	if rel, err := filepath.Rel(s.cwd, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}
