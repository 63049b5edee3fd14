//go:build unix

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
)

// A pass is what was measured.
type pass struct {
	NS     float64 // CPU time of an operation
	Allocs float64 // allocations of an operation
	Heap   float64 // bytes that an operation leaves on the heap
	Kept   float64 // bytes that the first operation on each instance leaves on the heap
}

func main() {
	limit := flag.Duration("time", 100*time.Millisecond, "CPU time of the pass")
	list := flag.Bool("list", false, "list the rows")
	flag.Parse()
	if *list {
		print(rows)
		return
	}
	for _, r := range rows {
		if flag.NArg() == 1 && r.Name == flag.Arg(0) {
			print(measure(r, *limit))
			return
		}
	}
	fmt.Fprintln(os.Stderr, "usage: prog ROW")
	os.Exit(1)
}

func print(v any) {
	if err := json.NewEncoder(os.Stdout).Encode(v); err != nil {
		panic(err)
	}
}

func measure(r row, limit time.Duration) pass {
	loop := r.make()
	warm := max(r.Warm, 1000)
	before := heap()
	loop(warm)
	kept := heap() - before
	// Find how many operations fill the time.
	n := 1000
	for {
		start := cpu()
		loop(n)
		if d := cpu() - start; d >= limit/20 {
			n = max(1, int(float64(n)*float64(limit)/float64(d)))
			break
		}
		n *= 2
	}
	before = heap()
	allocs, start := allocations(), cpu()
	loop(n)
	d := cpu() - start
	allocs = allocations() - allocs
	return pass{
		NS:     float64(d) / float64(n),
		Allocs: allocs / float64(n),
		Heap:   (heap() - before) / float64(n),
		Kept:   kept / float64(warm),
	}
}

// heap returns how many bytes are in use, after everything else was collected.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what the first one queued for finalizers and weak pointers
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// allocations returns how many there were.
func allocations() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Mallocs)
}

// cpu returns the CPU time that the process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
