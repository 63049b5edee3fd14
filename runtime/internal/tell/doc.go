// Package tell turns findings of the engine into reports: it names locks as the source does, symbolizes
// stacks, and words.
//
// # Model
//
// The engine knows a class of locks by the calls that lock them. If the source is there, package name
// says which lock each of these calls names. That is also a check of the engine's classes: if the
// calls of one class name different locks, or a lock that is a parameter, the class is no
// declaration, and a cycle counts only if it is closed by instances. The same is
// true if two classes have one name: they are two objects of one type.
//
// # What it misses
//
// Without source (programs built with -trimpath, or run elsewhere) locks are named
// by where they are locked, and classes cannot be checked.
package tell
