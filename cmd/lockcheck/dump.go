package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockcheck/lockcheck/runtime/dump"
)

// dumpCommand prints what all goroutines of a program do, and which are deadlocked.
func dumpCommand(args []string, c *console) int {
	o, err := parseDumpFlags(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return help(nil, c)
	case err != nil:
		return c.fail("%v", err)
	}
	d, err := o.read()
	if err != nil {
		return c.fail("%s: %v", o.name(), err)
	}
	d.Analyze()
	if o.json {
		err = d.WriteJSON(c.out)
	} else {
		err = d.WriteText(c.out)
	}
	if err != nil {
		return c.fail("printing the dump: %v", err)
	}
	if isCertain(d) {
		return exitFindings
	}
	return exitClean
}

// isCertain reports whether the dump proves that the program is wrong.
func isCertain(d *dump.Dump) bool {
	return slices.ContainsFunc(d.Deadlocks, func(x dump.Deadlock) bool { return x.Certain }) ||
		slices.ContainsFunc(d.Faults, func(x dump.Fault) bool { return x.Certain })
}

// dumpOptions is the command line of the dump command.
type dumpOptions struct {
	json, force bool
	source      string // file, URL, process id, or "-"
}

func parseDumpFlags(args []string) (*dumpOptions, error) {
	o := &dumpOptions{source: "-"}
	fs := flag.NewFlagSet("lockcheck dump", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the caller prints errors
	fs.Usage = func() {}
	fs.BoolVar(&o.json, "json", false, "")
	fs.BoolVar(&o.force, "force", false, "")
	if err := fs.Parse(args); err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: "); ok {
			return nil, fmt.Errorf("unknown flag %s; dump takes -json and -force", name)
		}
		return nil, err
	}
	if fs.NArg() > 1 {
		return nil, errors.New("dump takes one file, URL or process id, after its flags")
	}
	if fs.NArg() == 1 {
		o.source = fs.Arg(0)
	}
	return o, nil
}

// name returns the source as sentences refer to it.
func (o *dumpOptions) name() string {
	if o.source == "-" {
		return "standard input"
	}
	if o.isPID() {
		return "process " + o.source
	}
	return o.source
}

func (o *dumpOptions) isURL() bool {
	return strings.HasPrefix(o.source, "http://") || strings.HasPrefix(o.source, "https://")
}

// isPID reports whether the source is a process: a number, unless a file has that name.
func (o *dumpOptions) isPID() bool {
	if _, err := strconv.ParseUint(o.source, 10, 31); err != nil {
		return false
	}
	_, err := os.Stat(o.source)
	return err != nil
}

// read reads the dump. Its errors are clauses for the user.
func (o *dumpOptions) read() (*dump.Dump, error) {
	switch {
	case o.source == "-":
		return dump.Parse(os.Stdin)
	case o.isURL():
		return fetchDump(o.source)
	case o.isPID():
		pid, err := strconv.Atoi(o.source)
		if err != nil {
			return nil, err
		}
		return signalDump(pid, o.force)
	}
	f, err := os.Open(o.source)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	d, err := dump.Parse(f)
	return d, cause(err)
}

// cause drops operation and path from an error, since the sentence names the source.
func cause(err error) error {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err
	}
	return err
}

// fetchTimeout is how long a server has time for its dump, which stops the world there.
var fetchTimeout = 2 * time.Minute // shorter in tests

// fetchDump reads a dump from a server.
func fetchDump(source string) (*dump.Dump, error) {
	client := &http.Client{Timeout: fetchTimeout}
	resp, err := client.Get(source)
	if err != nil {
		return nil, fetchCause(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New("the server says " + resp.Status)
	}
	d, err := dump.Parse(resp.Body)
	return d, fetchCause(err)
}

// fetchCause drops the method and the URL from an error, since the sentence names the source.
func fetchCause(err error) error {
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return fmt.Errorf("the answer did not come within %s", fetchTimeout)
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}
