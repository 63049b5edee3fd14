package main

import (
	"fmt"

	"github.com/lockcheck/lockcheck/analyzer"
)

// declare writes a comment behind what has a guard that none declares, and then prints the guards anew, at the lines at
// which they now are.
func declare(t *analyzer.GuardTable, o *options, c *console) int {
	patch, err := t.Patch()
	if err != nil {
		return c.fail("%v", err)
	}
	if o.diff {
		return guardProblems(t, writeDiff(patch, c), c)
	}
	if len(patch.Files) == 0 {
		return showGuards(t, o, c)
	}
	if err := writeFiles(patch); err != nil {
		return c.fail("%v", err)
	}
	fmt.Fprintf(c.err, "%s written in %s\n", count(len(patch.Fixed), "comment"), count(len(patch.Files), "file"))
	if t, err = analyzer.Guards(*configOf(o, c)); err != nil {
		return c.fail("%v", err)
	}
	return showGuards(t, o, c)
}
