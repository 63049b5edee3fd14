// Package imports has fixes of which only one may remove the last use of an import.
package imports

var left uint64

var right uint64

func Split() {
	left = 1  // want `plain write to left`
	right = 1 // want `plain write to right`
}
