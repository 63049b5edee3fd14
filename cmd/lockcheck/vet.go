package main

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/lockcheck/lockcheck/analyzer"
)

// isVetCall reports whether the go command is the caller. It runs its vet tool as
//
//	lockcheck -V=full             once, for the tool's version
//	lockcheck -flags              once, for the flags it may pass on
//	lockcheck [flags] PATH.cfg    for each package, dependencies first
func isVetCall(args []string) bool {
	if len(args) == 1 && (args[0] == "-V=full" || args[0] == "-flags") {
		return true
	}
	return unitFile(args) != ""
}

// unitFile returns the .cfg file that a vet call ends with, or "".
func unitFile(args []string) string {
	if len(args) == 0 {
		return ""
	}
	last := args[len(args)-1]
	if !strings.HasSuffix(last, ".cfg") {
		return ""
	}
	if fi, err := os.Stat(last); err != nil || !fi.Mode().IsRegular() {
		return ""
	}
	return last
}

// vetGC lets the heap of a vet run, some tens of megabytes, grow to five times what is
// live.
const vetGC = 400

// vetMain serves the go command. It does not return.
func vetMain(args []string) {
	if os.Getenv("GOGC") == "" {
		// One package is soon done: collecting in between costs more than it frees.
		debug.SetGCPercent(vetGC)
	}
	suite := analyzer.All()
	if unit := unitFile(args); unit != "" {
		if writeStdVetx(unit) {
			os.Exit(0)
		}
		if boolFlag(args[:len(args)-1], "all") {
			suite = analyzer.AllBands()
		}
	}
	// Main reads and checks the flags. Flags for all checks alike that
	// analysisflags does not know must be added to flag.CommandLine here, so
	// that -flags lists them: the go command refuses those not listed.
	unitchecker.Main(suite...)
}

// boolFlag returns the value that args give to a boolean flag.
//
// It is for -all, which unitchecker.Main declares as a flag of the old vet
// without effect: to declare it too is a panic, and there is no other way to
// learn its value before the analyzers run. The go command passes flags as
// they were typed, with GOFLAGS before them; the last one counts.
func boolFlag(args []string, name string) (value bool) {
	for _, arg := range args {
		flag, ok := strings.CutPrefix(arg, "-")
		if !ok {
			continue
		}
		flag, text, hasValue := strings.Cut(strings.TrimPrefix(flag, "-"), "=")
		if flag != name {
			continue
		}
		if !hasValue {
			value = true
		} else if b, err := strconv.ParseBool(text); err == nil {
			value = b
		} // otherwise Main complains
	}
	return value
}
