//go:build !unix && lockcheck

package lockcheck

// handleSignals does nothing: there are no such signals.
func handleSignals(on bool) {}
