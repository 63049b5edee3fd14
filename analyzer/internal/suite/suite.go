// Package suite is the list of checks. A new check is entered here, and nowhere else.
package suite

import (
	"github.com/lockcheck/lockcheck/analyzer/atomicmix"
	"github.com/lockcheck/lockcheck/analyzer/blocking"
	"github.com/lockcheck/lockcheck/analyzer/chanleak"
	"github.com/lockcheck/lockcheck/analyzer/doublelock"
	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/lockorder"
	"github.com/lockcheck/lockcheck/analyzer/missingunlock"
	"github.com/lockcheck/lockcheck/analyzer/rlockrecursion"
	"github.com/lockcheck/lockcheck/analyzer/sharedvar"
	"github.com/lockcheck/lockcheck/analyzer/unguarded"
	"github.com/lockcheck/lockcheck/analyzer/waitmisuse"
)

// Checks are all checks but ignore, which judges comments.
var Checks = []*lockset.Check{
	atomicmix.Check,
	blocking.Check,
	chanleak.Check,
	doublelock.Check,
	lockorder.Check,
	missingunlock.Check,
	rlockrecursion.Check,
	sharedvar.Check,
	unguarded.Check,
	waitmisuse.Check,
}
