// Package decide learns in which order the goroutines of a program acquire locks, and
// decides what of that can end in a deadlock, or has.
//
// It is told (by package record, or by whatever else watches locks) of acquisitions that are
// new in some way, and answers with findings. It stops nobody and prints nothing.
// Cycles are decided by lockgraph, as in the static half.
//
// # Model
//
// A class (class.go) stands for the locks of one declaration. A program does not tell which
// lock belongs to which declaration; two locks that are acquired by the same call in the source
// do. So a class begins with the place where one of its locks is locked for the first time,
// and two classes become one when a lock of one is locked at a place of the other. Calls
// through an interface are no such place.
//
// A chain (chain.go) is an acquisition with all that is held, by class and mode:
// {A, B} -> C. It stands for the edges A -> C (gate B) and B -> C (gate A).
// A run is a goroutine that made the acquisition, with the time at which it did first and last,
// the instances, and the stack.
//
// A cycle of edges is a finding (cycle.go) if runs can be chosen, one for each edge, so that no two
// are by one goroutine or come in a fixed order, and no two hold one gate lock. Two
// runs come in a fixed order (family.go) if one goroutine ended, and was waited for, before the other
// began, or if one was made by an ancestor before the other's goroutine began, or by a parent when the other's had ended.
//
// If lockgraph has doubts, since both sides hold gates of one class, or if the name
// of a class is not certain, the runs must also have the instances in common: the lock that each waits for is the very one
// that the next one holds.
//
// Several locks of one class held at once have no order as classes. Their instances have
// (instance.go): the order is an acyclic graph of instances, to which pairs are added as
// they are seen, until one closes a circle.
//
// # What it misses, and what it over-reports
//
// Missed: what the program did not do. Of more than 16 goroutines that make one acquisition, it
// is assumed that any two may meet, so a fixed order between phases of more than that is not seen, and is
// reported. Chains beyond 2^16, and pairs of instances beyond 2^18, are not looked at; [Stats] counts
// them. A lock of which goroutines other than its holder were seen to unlock is never called
// self-deadlocked at once, nor is a mutex whose holder has started a goroutine that still lives. The locks of instances of generic
// code have no class in common: their types are not known.
//
// Over-reported: circles that never close for a reason other than a lock or a
// goroutine waited for, such as a state that both sides test.
//
// # Cost and concurrency
//
// Nothing here is safe for concurrent use; the caller serialises. [Learn] costs about
// a microsecond, and a search of the graph if the acquisition is in a cycle. Memory is
// bounded by the limits above.
package decide
