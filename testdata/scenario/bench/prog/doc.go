// Command prog measures what one kind of locking costs with one implementation: one row,
// one pass. It is written against sync, and built and run by the command in the folder
// above for each implementation, which prints the table.
//
// The cost is CPU time of the process, of all threads, so that the garbage collector's
// work and that of other goroutines counts too, and so that a loaded machine matters less.
package main
