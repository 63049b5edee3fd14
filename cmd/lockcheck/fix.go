package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/lockcheck/lockcheck/analyzer"
)

// mend applies the fixes of the findings shown, and then analyzes the program anew to
// show what is left, at the lines at which it now is.
func mend(result *analyzer.Result, o *options, c *console) int {
	patch, err := result.Patch(o.choose(result.Findings))
	if err != nil {
		return c.fail("%v", err)
	}
	if o.diff {
		return printDiff(result, patch, o, c)
	}
	if len(patch.Files) == 0 {
		return show(result, o, c)
	}
	if err := writeFiles(patch); err != nil {
		return c.fail("%v", err)
	}
	fmt.Fprintf(c.err, "%s fixed in %s\n", count(len(patch.Fixed), "finding"), count(len(patch.Files), "file"))
	printSkipped(patch, c)

	result, err = analyzer.Check(o.config(c))
	if err != nil {
		return c.fail("%v", err)
	}
	return show(result, o, c)
}

// printDiff prints what the fixes would change.
func printDiff(result *analyzer.Result, patch *analyzer.Patch, o *options, c *console) int {
	code := writeDiff(patch, c)
	printSkipped(patch, c)
	if n := len(o.choose(result.Findings)) - len(patch.Fixed) - len(patch.Skipped); n == 1 {
		fmt.Fprintln(c.err, "1 finding has no fix")
	} else if n > 1 {
		fmt.Fprintln(c.err, count(n, "finding")+" have no fix")
	}
	for _, p := range result.Problems {
		code = c.fail("%s", p)
	}
	return code
}

// writeDiff prints a patch, and returns the exit code.
func writeDiff(patch *analyzer.Patch, c *console) int {
	var buf bytes.Buffer
	for _, f := range patch.Files {
		name := filepath.ToSlash(shortPath(cwd(), f.Name))
		buf.Write(diff.Diff(name+".orig", f.Old, name, f.New))
	}
	if _, err := c.out.Write(buf.Bytes()); err != nil {
		return c.fail("printing the diff: %v", err)
	}
	if buf.Len() > 0 {
		return exitFindings
	}
	return exitClean
}

// printSkipped names the findings whose fixes overlap others.
func printSkipped(patch *analyzer.Patch, c *console) {
	for _, s := range patch.Skipped {
		at := s.Finding.Posn
		at.Filename = shortPath(cwd(), at.Filename)
		fmt.Fprintf(c.err, "%s: the fix of this finding (%s) is left out, since it overlaps that of line %d\n", at, s.Finding.Check, s.Other.Posn.Line)
	}
}

// writeFiles writes the files of a patch, or none if one of them cannot be written.
func writeFiles(patch *analyzer.Patch) error {
	for _, f := range patch.Files {
		name := shortPath(cwd(), f.Name)
		fi, err := os.Stat(f.Name)
		if err != nil {
			return err
		}
		if fi.Mode().Perm()&0o200 == 0 {
			return fmt.Errorf("%s is read-only; no file was changed", name)
		}
		if now, err := os.ReadFile(f.Name); err != nil || !bytes.Equal(now, f.Old) {
			return fmt.Errorf("%s changed while it was analyzed; no file was changed", name)
		}
		w, err := os.OpenFile(f.Name, os.O_WRONLY, 0)
		if err != nil {
			return fmt.Errorf("%s cannot be written: %w; no file was changed", name, errors.Unwrap(err))
		}
		w.Close()
	}
	for _, f := range patch.Files {
		// An existing file keeps its mode.
		if err := os.WriteFile(f.Name, f.New, 0o666); err != nil {
			return err
		}
	}
	return nil
}
