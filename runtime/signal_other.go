//go:build !unix && lockcheck

package lockcheck

// There are no such signals.

func handleSignals(on bool) {}
func handlingSignals() bool { return false }
func serveSignals()         {}
