package name

import (
	"bytes"
	"go/build/constraint"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// Which files of a directory were built into this program, by the rules of package go/build,
// which itself is left out since it brings os/exec into every program.

const (
	knownOS = " aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos "

	knownArch = " 386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le" +
		" ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm "

	unixOS = " aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris "
)

func listed(list, word string) bool { return strings.Contains(list, " "+word+" ") }

// buildTags are the -tags this program was built with.
var buildTags = sync.OnceValue(func() map[string]bool {
	tags := map[string]bool{"gc": runtime.Compiler == "gc", "gccgo": runtime.Compiler == "gccgo", "cgo": true}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return tags
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "-tags":
			for _, t := range strings.FieldsFunc(s.Value, func(r rune) bool { return r == ',' || r == ' ' }) {
				tags[t] = true
			}
		case "-race", "-msan", "-asan":
			tags[s.Key[1:]] = s.Value == "true"
		case "CGO_ENABLED":
			tags["cgo"] = s.Value == "1"
		}
	}
	return tags
})

// satisfied reports whether a build tag holds for this program.
func satisfied(tag string) bool {
	switch {
	case tag == runtime.GOOS || tag == runtime.GOARCH:
		return true
	case tag == "unix":
		return listed(unixOS, runtime.GOOS)
	case tag == "linux":
		return runtime.GOOS == "android"
	case tag == "darwin":
		return runtime.GOOS == "ios"
	case tag == "solaris":
		return runtime.GOOS == "illumos"
	}
	if minor, ok := strings.CutPrefix(tag, "go1."); ok {
		n, err := strconv.Atoi(minor)
		return err == nil && n <= goMinor()
	}
	return buildTags()[tag]
}

var goMinor = sync.OnceValue(func() int {
	_, v, ok := strings.Cut(runtime.Version(), "go1.")
	if !ok {
		return 1 << 20 // a development version has them all
	}
	end := strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		v = v[:end]
	}
	n, _ := strconv.Atoi(v)
	return n
})

// matchName reports whether the _GOOS and _GOARCH suffixes of a file name fit.
func matchName(file string) bool {
	name := strings.TrimSuffix(strings.TrimSuffix(file, ".go"), "_test")
	_, name, ok := strings.Cut(name, "_") // what comes before the first underscore is no tag
	if !ok {
		return true
	}
	parts := strings.Split(name, "_")
	last := parts[len(parts)-1]
	switch {
	case len(parts) >= 2 && listed(knownOS, parts[len(parts)-2]) && listed(knownArch, last):
		return satisfied(parts[len(parts)-2]) && satisfied(last)
	case listed(knownOS, last) || listed(knownArch, last):
		return satisfied(last)
	}
	return true
}

// matchSource reports whether the build constraint of a file holds.
func matchSource(src []byte) bool {
	for len(src) > 0 {
		line, rest, _ := bytes.Cut(src, []byte("\n"))
		src = rest
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
		case bytes.HasPrefix(line, []byte("/*")):
			// A constraint after a block comment is legal and rare.
			_, rest, ok := bytes.Cut(append(line[2:len(line):len(line)], append([]byte("\n"), src...)...), []byte("*/"))
			if !ok {
				return true
			}
			src = rest
		case bytes.HasPrefix(line, []byte("//")):
			if constraint.IsGoBuild(string(line)) {
				x, err := constraint.Parse(string(line))
				return err != nil || x.Eval(satisfied)
			}
		default:
			return true // the package clause
		}
	}
	return true
}
