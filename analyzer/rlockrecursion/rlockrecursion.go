package rlockrecursion

import (
	_ "embed"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
)

//go:embed doc.go
var doc string

// Check is the check.
var Check = &lockset.Check{Name: "rlockrecursion", Source: doc, Find: lockset.Doubles("rlockrecursion")}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()
