package main

import (
	"cmp"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer"
)

const helpHead = `lockcheck finds deadlocks and misused locks in Go programs.

Usage:

  lockcheck [flags] [packages]    analyze packages; without a name, the one here
  lockcheck guards [flags] [packages]
                                  print which lock guards what, and in which order locks are taken;
                                  -fix, -diff: declare it in comments
  lockcheck dump [-json] [source] print what all goroutines of a program do, wait for and hold
  lockcheck help [check]          print this, or the page of a check
  lockcheck version               print the version
  go vet -vettool=$(which lockcheck) [flags] [packages]

`

const helpTail = `Flags:

  -NAME        run the check NAME; once one check is named, only those named run
  -NAME=false  leave out the check NAME
  -all         report findings of every confidence, not only near certainties
  -json        print JSON
  -fix         apply the fixes of findings, and print the findings that remain
  -diff        print the fixes as a unified diff, and change nothing
  -test=false  leave out test files
  -tags LIST   build tags, separated by commas
  -deps        report in dependencies and in the standard library, too
  -C DIR       find packages from DIR
  -debug=held  print the locks held at each step, instead of findings; -debug=effects
               and -debug=threads print what the engine sees of functions and goroutines

With go vet, only -NAME and -all are lockcheck's own; its -fix applies fixes, too.

Exit codes:

  0  nothing found; with -fix nothing left, with -diff nothing to change
  1  something could not be analyzed, or not be written
  3  findings; 0 instead with -json; with -diff a diff
`

// help prints the overview, or the page of each check named.
func help(topics []string, c *console) int {
	suite := analyzer.All()
	if len(topics) == 0 {
		fmt.Fprint(c.out, helpHead, helpChecks(suite), helpTail)
		return exitClean
	}
	var pages []string
	for _, topic := range topics {
		page, ok := helpPage(suite, topic)
		if !ok {
			return c.fail("no help on %q; lockcheck help lists the checks", topic)
		}
		pages = append(pages, page)
	}
	fmt.Fprint(c.out, strings.Join(pages, "\n"))
	return exitClean
}

// helpChecks returns the list of checks.
func helpChecks(suite []*analysis.Analyzer) string {
	var b strings.Builder
	fmt.Fprint(&b, "Checks:\n\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, a := range suite {
		fmt.Fprintf(w, "  %s\t%s\n", a.Name, title(a))
	}
	w.Flush()
	fmt.Fprintln(&b)
	return b.String()
}

// title returns the first line of an analyzer's Doc without its name.
func title(a *analysis.Analyzer) string {
	line, _, _ := strings.Cut(strings.TrimSpace(a.Doc), "\n")
	return strings.TrimPrefix(line, a.Name+": ")
}

// helpPage returns an analyzer's Doc, and its flags, if it has any.
func helpPage(suite []*analysis.Analyzer, name string) (string, bool) {
	for _, a := range suite {
		if a.Name != name {
			continue
		}
		var b strings.Builder
		fmt.Fprintln(&b, strings.TrimSpace(a.Doc))
		head := "\nFlags:\n\n"
		a.Flags.VisitAll(func(f *flag.Flag) {
			fmt.Fprintf(&b, "%s  -%s.%s  %s (default %q)\n", head, a.Name, f.Name, f.Usage, f.DefValue)
			head = ""
		})
		return b.String(), true
	}
	return "", false
}

// version prints the version with which the binary was built.
func version(args []string, c *console) int {
	if len(args) > 0 {
		return c.fail("version takes no arguments")
	}
	v := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		v = info.Main.Version
	}
	fmt.Fprintf(c.out, "lockcheck %s %s\n", cmp.Or(v, "(devel)"), runtime.Version())
	return exitClean
}
