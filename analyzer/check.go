package analyzer

import (
	"fmt"
	"go/token"
	"io"
	"runtime/debug"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/report"
	"github.com/lockcheck/lockcheck/analyzer/internal/suite"
	"github.com/lockcheck/lockcheck/analyzer/internal/whole"
)

// A Finding is one bug with its proof. See [Check].
type Finding = report.Finding

// A Reason is one thing that speaks against a [Finding].
type Reason = report.Reason

// A Step is one related line of a [Finding].
type Step = report.Step

// A Library keeps the types of the standard library from one analysis to the next, which then does not read them again.
// The zero value is an empty one. Analyses may share it at the same time.
type Library = whole.Library

// Config says what [Check] analyzes and what it reports.
type Config struct {
	Dir      string   // folder in which patterns are resolved; "" is the current one
	Patterns []string // package patterns or .go files, as the go command takes them
	Tests    bool     // analyze test files too
	Env      []string // environment of the go command; nil is that of the process
	Tags     string   // build tags, comma-separated
	Library  *Library // to be used and added to; nil: the standard library is read, and not kept

	All  bool // report every band, not only "error"
	Deps bool // report findings in dependencies and the standard library too

	Debug    string    // "", "effects", "held" or "threads": print what the engine sees instead of findings
	DebugOut io.Writer // where Debug prints
}

// A Result is what [Check] found.
type Result struct {
	Fset     *token.FileSet
	Findings []Finding // of all checks and of the bands asked for, sorted by position
	Problems []string  // one sentence for each package that could not be analyzed in full
	Packages int       // packages analyzed from source
}

// Check loads the packages, with all their dependencies, and analyzes them as one program.
// An error means that nothing could be analyzed.
func Check(cfg Config) (res *Result, err error) {
	err = load(cfg, func(prog *whole.Program) error {
		r := whole.Check(prog, suite.Checks, cfg.Deps, cfg.Debug == "held")
		res = &Result{Fset: prog.Fset, Problems: r.Problems, Packages: len(prog.Pkgs)}
		switch cfg.Debug {
		case "effects":
			return r.Engine.PrintEffects(cfg.DebugOut, prog.InitialFunc)
		case "held":
			return r.Engine.PrintHeld(cfg.DebugOut, prog.InitialFunc)
		case "threads":
			return r.Engine.PrintThreads(cfg.DebugOut, prog.InitialFunc)
		}
		for _, f := range r.Findings {
			if cfg.All || f.Band() == report.Error {
				res.Findings = append(res.Findings, f)
			}
		}
		names := lockset.Names(suite.Checks)
		for _, ds := range r.Directives {
			for _, d := range ds.Misused(names) {
				res.Findings = append(res.Findings, Finding{
					Check: "ignore", Pos: d.Pos, End: d.Pos, Posn: d.Posn, Message: report.DirectiveMessage(d), Confidence: 100,
					Fingerprint: report.Fingerprint("ignore", d.Posn.Filename, d.Bad),
				})
			}
		}
		report.Sort(res.Findings)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return res, nil
}

// load loads the packages for f, and turns a panic into an error.
func load(cfg Config, f func(*whole.Program) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("internal error: %v, at %s; please report it", r, report.PanicSite(r, debug.Stack()))
		}
	}()
	gc := newCollector()
	defer gc.restore()
	prog, err := whole.Load(whole.Options{
		Dir: cfg.Dir, Patterns: cfg.Patterns, Tests: cfg.Tests, Env: cfg.Env, Tags: cfg.Tags, Deps: cfg.Deps, Library: cfg.Library, Listed: gc.listed, Extracted: gc.extracted,
	})
	if err != nil {
		return err
	}
	return f(prog)
}
