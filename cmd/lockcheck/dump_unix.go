//go:build unix

package main

import (
	"errors"
	"syscall"
)

func sendSignal(pid int) error {
	err := syscall.Kill(pid, syscall.SIGUSR1)
	switch {
	case errors.Is(err, syscall.ESRCH):
		return errors.New("there is no such process")
	case errors.Is(err, syscall.EPERM):
		return errors.New("it belongs to another user")
	}
	return err
}

// alive reports whether there is such a process.
func alive(pid int) bool {
	return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
