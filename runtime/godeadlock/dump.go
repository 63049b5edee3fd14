package godeadlock

import (
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

var (
	stateLine = regexp.MustCompile(`^goroutine (\d+) (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[(.*)\]:$`)
	placeLine = regexp.MustCompile(`^\t(.+):(\d+)(?: \+0x[0-9a-f]+)?$`)
)

// goroutine reads the lines of one goroutine of a dump.
func goroutine(lines []string) (s stack) {
	fn := ""
	for _, line := range lines {
		if m := stateLine.FindStringSubmatch(line); m != nil {
			s.goroutine, _ = strconv.ParseInt(m[1], 10, 64)
			s.state = m[2]
		} else if by, ok := strings.CutPrefix(line, "created by "); ok {
			id := by[strings.LastIndexByte(by, ' ')+1:]
			s.parent, _ = strconv.ParseInt(id, 10, 64)
			break
		} else if m := placeLine.FindStringSubmatch(line); m != nil && fn != "" {
			n, _ := strconv.Atoi(m[2])
			s.frames = append(s.frames, frame{fn: fn, file: m[1], line: n})
			fn = ""
		} else if i := strings.LastIndexByte(line, '('); i > 0 {
			fn = line[:i]
		}
	}
	return s
}

// dumpAll returns what each goroutine is doing. It stops the program for a moment.
func dumpAll() map[int64]stack {
	buf := make([]byte, 64<<10)
	for {
		n := runtime.Stack(buf, true)
		if n == len(buf) && n < 64<<20 {
			buf = make([]byte, 2*n)
			continue
		}
		all := make(map[int64]stack)
		for block := range strings.SplitSeq(string(buf[:n]), "\n\n") {
			s := goroutine(strings.Split(block, "\n"))
			all[s.goroutine] = s
		}
		return all
	}
}

// callers returns the stack of this goroutine outside of go-deadlock and this package.
func callers() (s stack) {
	var buf [64]byte
	id, _, _ := strings.Cut(strings.TrimPrefix(string(buf[:runtime.Stack(buf[:], false)]), "goroutine "), " ")
	s.goroutine, _ = strconv.ParseInt(id, 10, 64)
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		s.frames = append(s.frames, frame{fn: f.Function, file: f.File, line: f.Line})
		if !more {
			return s
		}
	}
}

// within reports whether a function is on the stack.
func (s stack) within(fn string) bool {
	return slices.ContainsFunc(s.frames, func(f frame) bool { return f.fn == fn })
}
