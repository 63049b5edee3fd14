package main

import (
	"errors"
	"flag"
	"fmt"
	"go/token"
	"os"
	"regexp"
	"strings"

	"github.com/lockcheck/lockcheck/analyzer"
)

// check analyzes packages and prints the findings.
func check(args []string, c *console) int {
	o, err := parseFlags(args, analyzer.All())
	switch {
	case errors.Is(err, flag.ErrHelp):
		return help(nil, c)
	case err != nil:
		return c.fail("%v", err)
	case o.version:
		return version(nil, c)
	}
	if fi, err := os.Stat(o.dir); o.dir != "" && (err != nil || !fi.IsDir()) {
		return c.fail("flag -C: %s is not a folder", o.dir)
	}

	result, err := analyzer.Check(o.config(c))
	if err != nil {
		c.fail("%v", explain(err, o.patterns))
		if o.json {
			writeJSON(c.out, token.NewFileSet(), nil, []string{err.Error()}, cwd())
		}
		return exitFailed
	}

	if o.fix || o.diff {
		return mend(result, o, c)
	}
	return show(result, o, c)
}

// show prints the findings and problems and returns the exit code.
func show(result *analyzer.Result, o *options, c *console) int {
	findings := o.choose(result.Findings)
	code := exitClean
	var err error
	switch {
	case o.debug != "":
		// Check has printed all there is to print.
	case o.json:
		err = writeJSON(c.out, result.Fset, findings, result.Problems, cwd())
	case len(findings) > 0:
		err = writeText(c.out, result.Fset, findings, cwd(), c.colour)
		fmt.Fprintln(c.err, count(len(findings), "finding"))
		hint(findings, c)
		code = exitFindings
	}
	if err != nil {
		return c.fail("printing findings: %v", err)
	}
	for _, p := range result.Problems {
		code = c.fail("%s", p)
	}
	return code
}

// hint tells of -fix if it would help.
func hint(findings []analyzer.Finding, c *console) {
	n := 0
	for _, f := range findings {
		if len(f.Fixes) > 0 {
			n++
		}
	}
	switch {
	case n == 0:
	case len(findings) == 1:
		fmt.Fprintln(c.err, "lockcheck -fix mends it; -diff shows how")
	case n == len(findings):
		fmt.Fprintln(c.err, "lockcheck -fix mends them; -diff shows how")
	default:
		fmt.Fprintf(c.err, "lockcheck -fix mends %d of them; -diff shows how\n", n)
	}
}

var bareWord = regexp.MustCompile(`^[a-z]+$`)

// explain adds to the error, if what the user gave may be a mistyped command.
func explain(err error, patterns []string) error {
	if bareWord.MatchString(patterns[0]) {
		return fmt.Errorf("%s is neither a command nor a package that can be loaded: %w", patterns[0], err)
	}
	return err
}

// count returns n and the noun, in its plural unless n is 1.
func count(n int, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "s"):
		noun += "es"
	default:
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
