package main

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// canSignal returns an error unless the process catches SIGUSR1, which would otherwise end
// it. Programs in Go all do: the runtime catches it and, unless the program asks for it,
// does nothing.
func canSignal(pid int, _ bool) error {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no such process")
	} else if err != nil {
		return cause(err)
	}
	if !catches(string(status), syscall.SIGUSR1) {
		return errors.New("it does not catch SIGUSR1, which asks for a dump, so it is not a program in Go")
	}
	return nil
}

// catches reads the signals that a process catches from its /proc/PID/status.
func catches(status string, sig syscall.Signal) bool {
	for line := range strings.Lines(status) {
		if mask, ok := strings.CutPrefix(line, "SigCgt:"); ok {
			bits, err := strconv.ParseUint(strings.TrimSpace(mask), 16, 64)
			return err == nil && bits>>(sig-1)&1 == 1
		}
	}
	return false
}

// silence returns why a process may not have answered.
func silence(pid int) string {
	info, err := buildinfo.ReadFile(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return "it is not a program in Go, or not yours; " + instead
	}
	for _, s := range info.Settings {
		if s.Key == "-tags" && strings.Contains(","+s.Value+",", ",lockcheck,") {
			return "it is built with -tags lockcheck; does it import lockcheck/runtime, and has it the same TMPDIR?"
		}
	}
	return "it is not built with -tags lockcheck; " + instead
}
