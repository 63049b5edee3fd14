package godeadlock

import (
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
)

// What go-deadlock prints of a stack is not quite the stack. It looks up each return
// address as if nothing were inlined and takes one from the line, which is right if the
// next instruction belongs to the next line. Lock itself is inlined in most
// programs, so one call has two frames, of which either may be named after Lock or
// after its caller. The source tells more:
//
//  1. Frames of go-deadlock are left out, and the first of two frames of one function
//     when the second is at a call that locks.
//  2. The frame that locks belongs to a line with such a call: the printed one, or the
//     one after it, whichever is likelier; or else one shortly before it. The one after
//     it is likelier for an inlined Lock, which go-deadlock prints at its first line.
//  3. Any other frame belongs to a line that calls the function of the frame above:
//     the printed one or the one after it.
//
// If no line is found, the printed one stays.

// A source has the lines of files.
type source struct {
	home, cwd string
	files     map[string][]string
}

func newSource() *source {
	s := &source{files: make(map[string][]string)}
	s.home = os.Getenv("HOME")
	if u, err := user.Current(); err == nil {
		s.home = u.HomeDir
	}
	s.cwd, _ = os.Getwd()
	return s
}

// line returns a line of a file, "" if there is none.
func (s *source) line(file string, n int) string {
	lines, ok := s.files[file]
	if !ok {
		if strings.HasSuffix(file, ".go") {
			data, _ := os.ReadFile(file)
			lines = strings.Split(string(data), "\n")
		}
		s.files[file] = lines
	}
	if n < 1 || n > len(lines) {
		return ""
	}
	return lines[n-1]
}

// absolute undoes the shortening of file names, if that leads to a file.
func (s *source) absolute(file string) string {
	long := file
	switch {
	case strings.HasPrefix(file, "~") && s.home != "":
		long = s.home + file[1:]
	case !filepath.IsAbs(file):
		long = filepath.Join(s.cwd, file)
	}
	if _, err := os.Stat(long); err != nil {
		return file
	}
	return long
}

var lockCall = regexp.MustCompile(`\.((?:Try)?R?Lock)\(\)`)

// ofGoDeadlock reports whether a function is go-deadlock's, however it is spelled.
func ofGoDeadlock(fn string) bool {
	return strings.HasPrefix(fn[strings.LastIndexByte(fn, '/')+1:], "go-deadlock.")
}

// correct returns the frames of a printed stack as they were, as far as can be told.
func (s *source) correct(printed []frame) []frame {
	var frames []frame
	likelier := 0 // the printed line is more likely that of the call, 1: the one after it
	for i, f := range printed {
		if ofGoDeadlock(f.fn) {
			if i == 0 && strings.HasPrefix(f.code, "func ") {
				likelier = 1
			}
			continue
		}
		f.file = s.absolute(f.file)
		frames = append(frames, f)
	}
	if len(frames) > 1 && len(printed) > 1 && printed[0].fn == printed[1].fn {
		if n := s.find(frames[1], lockCall.MatchString, 1); n != 0 {
			frames, likelier = frames[1:], 1
		}
	}
	for i := range frames {
		f := &frames[i]
		if i == 0 {
			if n := s.find(*f, lockCall.MatchString, likelier, 1-likelier, -1, -2, -3); n != 0 {
				f.line = n
			}
			continue
		}
		name := base(frames[i-1].fn)
		if n := s.find(*f, func(line string) bool { return calls(line, name) }, 0, 1); n != 0 {
			f.line = n
		}
	}
	return frames
}

// find returns the first line of those at some distances of a frame's that is wanted.
func (s *source) find(f frame, wanted func(string) bool, distances ...int) int {
	for _, d := range distances {
		if wanted(s.line(f.file, f.line+d)) {
			return f.line + d
		}
	}
	return 0
}

// base returns the name of a function or method, "" for a function literal.
func base(fn string) string {
	fn = strings.TrimSuffix(fn, "[...]")
	name := fn[strings.LastIndexByte(fn, '.')+1:]
	if strings.HasPrefix(name, "func") || strings.Trim(name, "0123456789") == "" {
		return ""
	}
	return name
}

func calls(line, name string) bool {
	_, rest, ok := strings.Cut(line, name)
	return name != "" && ok && (strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, "["))
}
