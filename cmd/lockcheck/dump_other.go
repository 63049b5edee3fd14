//go:build !unix

package main

import "errors"

// canSignal returns an error: here, there is no signal to ask for a dump with.
func canSignal(int, bool) error {
	return errors.New("this system has no signal to ask a process for a dump; fetch /debug/pprof/goroutine?debug=2 if it serves that, and give what it prints to lockcheck dump")
}

func sendSignal(int) error { return nil }

func alive(int) bool { return true }

func silence(int) string { return "" }
