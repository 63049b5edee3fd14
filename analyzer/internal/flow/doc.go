// Package flow looks at one function in its SSA form, without walking its paths: which places it touches, what it waits for, which
// functions it leads to, and which objects nobody else has.
//
// It is what is left below guards, capture and waits until these stand on effects (see docs/architecture.md): package resolve is the twin
// of its paths and targets there.
//
// # The model
//
// A pointer is an access path (package ident). [Scan] scans a function once, and then tells of its accesses, uses, joins and takes.
//
// Of the objects that a function has made it is known at each instruction whether somebody else may have them: from where
// they are published (fresh.go) until all goroutines that got them have been waited for (ended.go, tells.go).
//
// # What it misses and what it over-reports
//
// Paths are those of package ident. What a condition rules out is only seen where a value is merged at a join (given.go).
package flow
