//go:build unix && !linux

package main

import "errors"

// canSignal returns an error unless the user takes the risk: what signals a process
// catches is not to be seen here.
func canSignal(_ int, force bool) error {
	if !force {
		return errors.New("SIGUSR1, which asks for a dump, ends programs other than those in Go; give -force if it is built with -tags lockcheck")
	}
	return nil
}

// silence returns why a process may not have answered.
func silence(int) string {
	return "is it built with -tags lockcheck, and has it the same TMPDIR? if not, " + instead
}
