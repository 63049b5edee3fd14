package unguarded

import (
	_ "embed"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
)

//go:embed doc.go
var doc string

const name = "unguarded"

// Check is the check.
var Check = &lockset.Check{Name: name, Source: doc, Find: find}

// Analyzer is the check as a pass, for a tool that runs it alone.
var Analyzer = Check.Analyzer()

// A view is what one package sees.
type view struct{ *lockset.View }
