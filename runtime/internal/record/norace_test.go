//go:build !race && lockcheck

package record_test

const raceEnabled = false
