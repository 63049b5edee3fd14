//go:build go1.21

// Package oldloops has loops whose rounds share their variables, as before Go 1.22.
package oldloops

func shared(keys []string) {
	for _, k := range keys { // want `k is read by the goroutine started at line 8 and assigned here`
		go func() { println(k) }()
	}
}

func copied(keys []string) {
	for _, k := range keys {
		k := k
		go func() { println(k) }()
	}
}
