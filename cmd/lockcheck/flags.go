package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/lockcheck/lockcheck/analyzer"
)

// options is the parsed command line of the check command.
type options struct {
	all, json, tests, deps bool
	fix, diff              bool
	version                bool
	tags, dir, debug       string

	checks   map[string]*triState // by name
	patterns []string

	library *analyzer.Library // for -fix, which analyzes twice
}

// parseFlags parses the command line. Its errors are sentences for the user,
// except for flag.ErrHelp.
func parseFlags(args []string, suite []*analysis.Analyzer) (*options, error) {
	o := &options{checks: make(map[string]*triState)}
	fs := flag.NewFlagSet("lockcheck", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the caller prints errors
	fs.Usage = func() {}

	fs.BoolVar(&o.all, "all", false, "")
	fs.BoolVar(&o.json, "json", false, "")
	fs.BoolVar(&o.tests, "test", true, "")
	fs.BoolVar(&o.deps, "deps", false, "")
	fs.BoolVar(&o.fix, "fix", false, "")
	fs.BoolVar(&o.diff, "diff", false, "")
	fs.BoolVar(&o.version, "version", false, "")
	fs.StringVar(&o.tags, "tags", "", "")
	fs.StringVar(&o.dir, "C", "", "")
	fs.StringVar(&o.debug, "debug", "", "")
	for _, a := range suite {
		o.checks[a.Name] = new(triState)
		fs.Var(o.checks[a.Name], a.Name, "")
		a.Flags.VisitAll(func(f *flag.Flag) { fs.Var(f.Value, a.Name+"."+f.Name, "") })
	}

	if err := fs.Parse(args); err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: "); ok {
			return nil, fmt.Errorf("unknown flag %s; lockcheck help lists the flags", name)
		}
		return nil, err
	}
	if !slices.Contains([]string{"", "effects", "held", "threads"}, o.debug) {
		return nil, fmt.Errorf("unknown value %q of flag -debug, which takes effects, held and threads", o.debug)
	}
	if o.debug != "" && o.json {
		return nil, errors.New("flags -debug and -json cannot be used together")
	}
	if o.debug != "" && (o.fix || o.diff) {
		return nil, errors.New("flag -debug cannot be used together with -fix or -diff")
	}
	if o.diff && o.json {
		return nil, errors.New("flags -diff and -json cannot be used together")
	}
	if o.fix && !o.diff {
		o.library = new(analyzer.Library)
	}
	o.patterns = fs.Args()
	for _, p := range o.patterns {
		if strings.HasPrefix(p, "-") {
			return nil, fmt.Errorf("flag %s must come before the packages", p)
		}
	}
	if len(o.patterns) == 0 {
		o.patterns = []string{"."} // as the go command
	}
	return o, nil
}

// selects reports whether a check was asked for. As with multichecker and the
// vet tool, to name a check is to leave out those not named, unless all that
// was named is left out itself.
func (o *options) selects(check string) bool {
	for _, t := range o.checks {
		if *t == setTrue {
			named := o.checks[check]
			return named != nil && *named == setTrue
		}
	}
	named := o.checks[check]
	return named == nil || *named != setFalse
}

// choose returns the findings of the checks that were asked for.
func (o *options) choose(all []analyzer.Finding) []analyzer.Finding {
	var findings []analyzer.Finding
	for _, f := range all {
		if o.selects(f.Check) {
			findings = append(findings, f)
		}
	}
	return findings
}

// config returns what the options mean to Check.
func (o *options) config(c *console) analyzer.Config {
	return analyzer.Config{
		Library:  o.library,
		Dir:      o.dir,
		Patterns: o.patterns,
		Tests:    o.tests,
		Tags:     o.tags,
		All:      o.all,
		Deps:     o.deps,
		Debug:    o.debug,
		DebugOut: c.out,
	}
}

// A triState is a boolean flag that knows whether it was given.
type triState int

const (
	unset triState = iota
	setTrue
	setFalse
)

func (t *triState) IsBoolFlag() bool { return true }
func (t *triState) String() string   { return strconv.FormatBool(t == nil || *t != setFalse) }

func (t *triState) Set(value string) error {
	b, err := strconv.ParseBool(value)
	if err != nil {
		return errors.New("want true or false")
	}
	*t = setFalse
	if b {
		*t = setTrue
	}
	return nil
}
