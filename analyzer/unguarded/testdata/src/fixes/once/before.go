//go:build go1.20

package once

import "sync"

var early *Config
var earlyMu sync.Mutex

// GetEarly is compiled by releases that have no OnceValue.
func GetEarly() *Config { // want +1 `read of early without holding earlyMu, before it is read again`
	if early == nil {
		earlyMu.Lock()
		defer earlyMu.Unlock()
		if early == nil {
			early = new(Config)
		}
	}
	return early
}
