package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/fatih/color"
)

// Exit codes, as those of the drivers in x/tools.
const (
	exitClean    = 0
	exitFailed   = 1 // something could not be analyzed
	exitFindings = 3
)

func main() {
	args := os.Args[1:]
	if isVetCall(args) {
		vetMain(args)
	}
	os.Exit(run(args, stdio()))
}

// A console is where a command prints.
type console struct {
	out, err io.Writer
	colour   bool // out is a terminal, and the user wants colours
}

func stdio() *console {
	if color.NoColor {
		return &console{out: os.Stdout, err: os.Stderr}
	}
	return &console{out: color.Output, err: os.Stderr, colour: true}
}

// fail prints a sentence that says why something could not be done, on one
// line whatever the origin of its parts, and returns the exit code.
func (c *console) fail(format string, args ...any) int {
	sentence := strings.Join(strings.FieldsFunc(fmt.Sprintf(format, args...), func(r rune) bool {
		return r == '\n' || r == '\r' || r == '\t'
	}), " ")
	fmt.Fprintln(c.err, "lockcheck: "+strings.TrimPrefix(sentence, "lockcheck: "))
	return exitFailed
}

// run executes the command line of a person and returns the exit code.
func run(args []string, c *console) int {
	if len(args) > 0 {
		switch args[0] {
		case "help":
			return help(args[1:], c)
		case "version":
			return version(args[1:], c)
		case "guards":
			return guardsCommand(args[1:], c)
		case "dump":
			return dumpCommand(args[1:], c)
		case "check":
			args = args[1:]
		}
	}
	return check(args, c)
}
