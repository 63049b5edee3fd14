/*
Lockcheck finds deadlocks and misused locks in Go programs.

Usage:

	lockcheck [flags] [packages]
	lockcheck guards [flags] [packages]
	lockcheck dump [-json] [-force] [file | - | URL | process id]
	lockcheck help [check]
	lockcheck version
	go vet -vettool=$(which lockcheck) [flags] [packages]

The first form loads the packages with everything they import and analyzes
them as one program, so it sees a lock order that two packages, neither of
which imports the other, break together. Packages are named as for the go
command; without a name, the package in the current folder is meant.

As a vet tool, lockcheck sees one package at a time, with facts about those it
imports. The go command caches what it prints, and needs a path after
-vettool=, not a mere name.

The flags are

	-NAME        run the check NAME; once one check is named, only those named run
	-NAME=false  leave out the check NAME
	-all         report findings of every confidence, not only near certainties
	-json        print JSON; see the type jsonReport
	-fix         apply the fixes of findings, and print the findings that remain
	-diff        print the fixes as a unified diff, and change nothing
	-test=false  leave out test files
	-tags LIST   build tags, separated by commas
	-deps        report in dependencies and in the standard library, too
	-C DIR       find packages from DIR; positions still start at the current folder
	-debug=held  print the locks held at each step, instead of findings; -debug=effects
	             and -debug=threads print what the engine sees of functions and goroutines

As a vet tool, lockcheck takes -NAME and -all; the go command sees to -json, -tags, -fix
and -diff.

The line below the number of findings tells how many of them have a fix. With -fix, the
first fix of each finding is applied. Of two fixes that overlap, the
second is left out, and named on stderr; another run applies it. A file that gofmt had
formatted is formatted again. Then the packages are analyzed once more, and the
findings that remain are printed. Either all files are written, or none, if one is
read-only or has changed meanwhile. With -diff, with or without -fix, the diff is
printed instead; stderr says how many findings have no fix.

Each finding is printed as the line that go vet prints for it, followed by the
source line it points at and the steps that prove it. Colour is used on a
terminal only, and not if NO_COLOR is set.

Lockcheck exits with

	0  nothing found; with -fix nothing left, with -diff nothing to change
	1  something could not be analyzed, or not be written; stderr has one sentence
	   for each reason
	3  findings; 0 instead with -json; with -diff a diff

A package with errors does not keep the findings in others from being
printed, but the exit code is then 1.

# Guards

Lockcheck guards prints which lock guards which field or package variable, and in which
orders locks are taken; see docs/guards.md. With -fix, it writes the comment "guarded by
mu" behind each field or variable whose guard is held at all accesses, enough of them, and is not declared
yet, and prints the tables anew; with -diff, it prints these comments as a diff. Exit codes are
as above: 3 only with -diff, if there is something to declare.

# Dumps

Lockcheck dump reads the stacks of all goroutines of a program, and tells which wait
for which lock, who holds it if that is known, and which are deadlocked; see
docs/dump.md. The stacks are those that any Go program prints at SIGQUIT or serves
at /debug/pprof/goroutine?debug=2, or a dump that package lockcheck has made. They
are read from a file, from a server, or else from standard input. A process built with -tags lockcheck is
asked for its dump by SIGUSR1. Since this signal ends programs in other languages, it
is sent, on Linux, only to a process that catches it, and elsewhere only
with -force. The exit code is 3 if a deadlock is certain.

# Files

main.go tells the go command from a person; vet.go and vetx.go serve the
former, flags.go, check.go, fix.go and help.go the latter. text.go, snippet.go and
json.go print findings. guards.go prints guards, declare.go writes them down. dump.go and dump_*.go are the dump command.
*/
package main
