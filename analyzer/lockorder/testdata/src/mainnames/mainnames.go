// Purpose: a program with one goroutine, in which functions are named like tests. Package testing runs those of test
// files, with a parameter of its own.
package main

import "sync"

var (
	northMu, southMu sync.Mutex
	visits           int
)

func TestConnectionOk() {
	northMu.Lock()
	southMu.Lock()
	visits++
	southMu.Unlock()
	northMu.Unlock()
}

func Examples() {
	southMu.Lock()
	northMu.Lock()
	visits++
	northMu.Unlock()
	southMu.Unlock()
}

func main() {
	TestConnectionOk()
	Examples()
}
