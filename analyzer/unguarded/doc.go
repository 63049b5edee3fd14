// Package unguarded defines a check for shared state that is touched without its lock.
//
// # Analyzer unguarded
//
// unguarded: report accesses to shared state that do not hold the lock which guards it
//
// # What is reported
package unguarded
