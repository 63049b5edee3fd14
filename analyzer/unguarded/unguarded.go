package unguarded

import (
	_ "embed"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
)

//go:embed doc.go
var doc string

// Analyzer is the check.
var Analyzer = lockset.Check("unguarded", doc)
