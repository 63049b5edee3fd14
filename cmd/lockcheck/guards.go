package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/token"
	"io"
	"path"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/lockcheck/lockcheck/analyzer"
)

// guardsCommand prints which lock guards what, and in which orders locks are taken.
func guardsCommand(args []string, c *console) int {
	o, err := parseFlags(args, nil)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return help(nil, c)
	case err != nil:
		return c.fail("%v", err)
	case o.debug != "" || o.version:
		return c.fail("lockcheck guards takes only the flags -all, -json, -fix, -diff, -test, -tags, -deps and -C")
	}
	t, err := analyzer.Guards(*configOf(o, c))
	if err != nil {
		return c.fail("%v", explain(err, o.patterns))
	}
	if o.fix || o.diff {
		return declare(t, o, c)
	}
	return showGuards(t, o, c)
}

// showGuards prints the two tables.
func showGuards(t *analyzer.GuardTable, o *options, c *console) int {
	var err error
	if o.json {
		err = writeGuardsJSON(c.out, t, cwd())
	} else {
		err = writeGuards(c.out, t, cwd())
	}
	if err != nil {
		return c.fail("printing guards: %v", err)
	}
	return guardProblems(t, exitClean, c)
}

// guardProblems prints what could not be analyzed; code is returned if there is nothing.
func guardProblems(t *analyzer.GuardTable, code int, c *console) int {
	for _, p := range t.Problems {
		code = c.fail("%s", p)
	}
	return code
}

func configOf(o *options, c *console) *analyzer.Config {
	cfg := o.config(c)
	return &cfg
}

// writeGuards prints the two tables as text.
func writeGuards(out io.Writer, t *analyzer.GuardTable, dir string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	pkg := ""
	for _, g := range t.Guards {
		if g.Package != pkg {
			pkg = g.Package
			fmt.Fprintf(w, "%s\n", pkg)
		}
		if g.Lock == "" {
			fmt.Fprintf(w, "  %s\t-\t%s, %s\n", g.Place, count(g.Accesses, "access"), count(g.Writes, "write"))
			continue
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", g.Place, shortLock(g.Lock, g.Package), evidence(g))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(t.Orders) > 0 {
		if len(t.Guards) > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, "order of locks")
	}
	w = tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range t.Orders {
		both := ""
		if r.Inverse {
			both = ", and the other way round"
		}
		fmt.Fprintf(w, "  %s -> %s\t%s:%d%s\n", r.Held, r.Taken, jsonPath(dir, r.At.Filename), r.At.Line, both)
	}
	return w.Flush()
}

// evidence tells why a lock is taken for the guard, and where it is missing.
func evidence(g analyzer.Guard) string {
	var b strings.Builder
	if g.Declared.IsValid() {
		fmt.Fprintf(&b, "declared at %s:%d; ", path.Base(filepath.ToSlash(g.Declared.Filename)), g.Declared.Line)
	}
	fmt.Fprintf(&b, "held at %d of %s", g.Held, count(g.Accesses, "access"))
	for i, m := range g.Missing {
		if i == 3 {
			fmt.Fprintf(&b, " and %d more", len(g.Missing)-i)
			break
		}
		sep := ","
		if i == 0 {
			sep = ", not at"
		}
		fmt.Fprintf(&b, "%s %s:%d", sep, path.Base(filepath.ToSlash(m.Filename)), m.Line)
	}
	return b.String()
}

func shortLock(class, pkg string) string {
	if rest, ok := strings.CutPrefix(class, pkg+"."); ok {
		return rest
	}
	return class
}

// A jsonGuards is what guards -json prints.
type jsonGuards struct {
	Version  int         `json:"version"`
	Guards   []jsonGuard `json:"guards"`   // by package and place
	Orders   []jsonOrder `json:"orders"`   // by the classes of the two locks
	Problems []string    `json:"problems"` // one sentence for each thing that could not be analyzed
}

// A jsonGuard is one field or variable.
type jsonGuard struct {
	Package   string      `json:"package"`
	Place     string      `json:"place"`     // ends in [] for what the map or slice there holds
	Lock      string      `json:"lock"`      // class; "" if none is known
	Declared  *jsonPlace  `json:"declared"`  // the comment that says so; null if inferred
	Held      int         `json:"held"`      // accesses that hold the lock
	Accesses  int         `json:"accesses"`  // all that can meet another
	Writes    int         `json:"writes"`    // among the accesses
	Functions int         `json:"functions"` // with accesses that hold the lock
	Missing   []jsonPlace `json:"missing"`   // accesses that do not
}

// A jsonOrder is one order of two locks.
type jsonOrder struct {
	Held     string    `json:"held"`  // class
	Taken    string    `json:"taken"` // class
	Function string    `json:"function"`
	At       jsonPlace `json:"at"`
	Inverse  bool      `json:"inverse"` // the two are taken in the other order, too
}

// A jsonPlace is a position.
type jsonPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func writeGuardsJSON(out io.Writer, t *analyzer.GuardTable, dir string) error {
	at := func(p token.Position) jsonPlace { return jsonPlace{jsonPath(dir, p.Filename), p.Line, p.Column} }
	r := jsonGuards{Version: jsonVersion, Guards: []jsonGuard{}, Orders: []jsonOrder{}, Problems: []string{}}
	r.Problems = append(r.Problems, t.Problems...)
	for _, g := range t.Guards {
		j := jsonGuard{
			Package: g.Package, Place: g.Place, Lock: g.Lock, Held: g.Held, Accesses: g.Accesses,
			Writes: g.Writes, Functions: g.Functions, Missing: []jsonPlace{},
		}
		if g.Declared.IsValid() {
			p := at(g.Declared)
			j.Declared = &p
		}
		for _, m := range g.Missing {
			j.Missing = append(j.Missing, at(m))
		}
		r.Guards = append(r.Guards, j)
	}
	for _, o := range t.Orders {
		r.Orders = append(r.Orders, jsonOrder{Held: o.Held, Taken: o.Taken, Function: o.Function, At: at(o.At), Inverse: o.Inverse})
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(r)
}
