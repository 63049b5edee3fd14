// Package report is where all reports of the runtime half end: it prints them, keeps them for
// the tests that are to fail for them, and hands them to the program if it asks.
//
// Reports come from the engine, by package tell, and from other detectors, such as go-deadlock by
// package godeadlock. It is linked in whether or not locks are watched.
//
// # Cost and concurrency
//
// All functions may be called by any goroutine. [Deliver] returns when the report is written, or is left to another goroutine that writes
// one. Of the last 1,024 reports the text is kept.
package report
