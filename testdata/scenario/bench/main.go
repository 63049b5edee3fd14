// Command bench prints, as Markdown, what locks cost: with lockcheck, with its peers and
// with sync, without and with the race detector. Run it in this module:
//
//	go run ./bench
//	go run ./bench -rows 'L.|N.*' -impls lockcheck -race=off
//
// Each figure is the median of a few passes. A pass is a process of its own, which uses
// CPU time for a tenth of a second; each pass of a row has all implementations in turn, so
// that a machine that becomes slower makes all slower. A ratio is the median of the
// passes' ratios to sync. Trust a ratio to about a fifth.
//
// It is no test: figures of a loaded machine would make it fail at times. What issue 3 of
// the project demands is in the last column, with "over" where it was not met.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.com/scenario/impl"
)

var (
	rowFlag  = flag.String("rows", ".*", "the rows, as a regular expression")
	implFlag = flag.String("impls", "lockcheck,off,go-deadlock,linkdata", "what to compare with sync")
	raceFlag = flag.String("race", "both", "on, off or both")
	passes   = flag.Int("passes", 3, "how often each row is measured")
	duration = flag.Duration("time", 100*time.Millisecond, "CPU time of a pass")
)

type row struct{ Name, What string }

type pass struct{ NS, Allocs, Heap, Kept float64 }

// A cell has the passes of a row with an implementation.
type cell struct{ passes []pass }

func (c cell) median(of func(pass) float64) float64 {
	var v []float64
	for _, p := range c.passes {
		v = append(v, of(p))
	}
	return median(v)
}

func (c cell) ratio(to cell) float64 {
	var v []float64
	for i, p := range c.passes {
		v = append(v, p.NS/to.passes[i].NS)
	}
	return median(v)
}

func median(v []float64) float64 {
	slices.Sort(v)
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}

func ns(p pass) float64     { return p.NS }
func allocs(p pass) float64 { return p.Allocs }
func heap(p pass) float64   { return p.Heap }
func kept(p pass) float64   { return p.Kept }

func main() {
	flag.Parse()
	dir, err := os.MkdirTemp("", "bench")
	if err == nil {
		err = run(dir)
		os.RemoveAll(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	match, err := regexp.Compile("^(" + *rowFlag + ")$")
	if err != nil {
		return err
	}
	impls := []impl.Impl{impl.Sync}
	for _, i := range []impl.Impl{impl.Ours, impl.Off, impl.GoDeadlock, impl.Linkdata} {
		if slices.Contains(strings.Split(*implFlag, ","), i.Name) {
			impls = append(impls, i)
		}
	}
	for _, race := range []bool{false, true} {
		if race && *raceFlag == "off" || !race && *raceFlag == "on" {
			continue
		}
		t := table{impls: impls, race: race, cells: make(map[string]cell)}
		if err := t.measure(dir, match); err != nil {
			return err
		}
		t.print()
	}
	return nil
}

// A table has all rows without or with -race.
type table struct {
	impls []impl.Impl
	race  bool
	rows  []row
	cells map[string]cell // by row and implementation
}

func (t *table) cell(row string, i impl.Impl) cell { return t.cells[row+" "+i.Name] }

func (t *table) measure(dir string, match *regexp.Regexp) error {
	programs := make(map[string]string)
	for _, i := range t.impls {
		program, err := i.Build("bench/prog", dir, t.race)
		if err != nil {
			return err
		}
		programs[i.Name] = program
	}
	if err := output(&t.rows, programs["sync"], "-list"); err != nil {
		return err
	}
	t.rows = slices.DeleteFunc(t.rows, func(r row) bool { return !match.MatchString(r.Name) })
	for _, r := range t.rows {
		for range *passes {
			for _, i := range t.impls {
				var p pass
				if err := output(&p, programs[i.Name], "-time", duration.String(), r.Name); err != nil {
					return fmt.Errorf("%s with %s: %v", r.Name, i.Name, err)
				}
				c := t.cell(r.Name, i)
				c.passes = append(c.passes, p)
				t.cells[r.Name+" "+i.Name] = c
			}
		}
	}
	return nil
}

// output runs a program and decodes what it prints.
func output(to any, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=2", "LOCKCHECK=", "GODEBUG=", "GOGC=", "GORACE=exitcode=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	return json.Unmarshal(out, to)
}
