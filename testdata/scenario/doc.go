// Package scenario compares lockcheck's runtime half with its peers, in a module of its
// own so that they are no requirement of lockcheck's users.
//
//	corpus/   small programs about locks, written against sync
//	bench/    what a lock costs, and the command that prints it
//	impl/     builds either for an implementation: the import of sync is replaced
//
// What the corpus cannot show: reports that depend on more time than a scenario has (a
// second), and anything that needs several processes.
package scenario
