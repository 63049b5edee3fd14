// Package typetest type-checks the sources of tests in a few milliseconds.
//
// Sources are the Go files of a tree, or of a string in the form of a txtar archive. The standard library is not read
// from source: its types come from the export data that the go command keeps for the compiler. The command is asked for
// the names of these files, once for each package and process; nothing is downloaded.
//
// Each [Load] decodes the types that it needs for itself. So no test sees what another has loaded, and tests may run in
// parallel. What was loaded is not changed any more.
//
// # Limits
//
// A file that imports "C" is an error. A package that the tests of another one import is not type-checked again
// against the variant of that package which contains the tests.
package typetest
