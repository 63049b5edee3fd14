// Package lockgraph decides which lock orders of a program can deadlock.
//
// It holds the lock-acquisition-order graph that the static and the runtime
// half of lockcheck share, and is the one place where cycles are found and
// where gate locks, reader/writer modes and single-goroutine orders are
// weighed. It knows nothing of source code or goroutines and imports the
// standard library only.
//
// # Model
//
// A lock class ([Class]) stands for all locks of one declaration. An edge
// A -> B ([Edge]) says that somewhere B is acquired while A is held. It
// carries the modes ([Mode]) in which A is held and B is wanted, the other
// locks held at that moment (gates, [Gate]), the goroutine if only one ever
// runs it (thread), a confidence, and a witness: the two call chains that
// prove it.
//
// A cycle ([Cycle]) of n edges, here called its hops, means: n goroutines can
// come to stand in a circle, each holding the lock that the one before it
// waits for. Every hop is a goroutine that holds From and waits for To. A
// cycle of classes is feasible, and is reported, if one edge can be chosen for
// each hop so that
//
//   - threads: no two hops are run by the same single goroutine, which cannot
//     wait in two places;
//   - gates: no two hops hold, as From or as a gate, one common lock in modes
//     that exclude each other. If the common lock is Shared, it is one lock,
//     and the circle cannot close. If only its class is common, it may or may
//     not be one lock, and the cycle is reported with Doubt;
//   - modes: at every class the goroutine that waits is blocked by the one that
//     holds. It is if either is in write mode. If both read, it blocks only
//     while a third goroutine waits to write (see sync.RWMutex), so there must
//     be a known writer ([Graph.AddWriter]) that can come to that point while
//     the circle stands. Each such class needs a writer of its own.
//
// A class is taken for one lock when a cycle is closed: A held in one hop and
// A wanted in another are assumed to be the same instance. This is the
// right assumption for finding deadlocks, as the two goroutines choose their
// instances independently, and the main source of false reports.
//
// Two hops can hold one class even though their Froms differ, when a hop
// holds another class of the cycle as a gate. If hop j, waiting for Tj, holds
// the From class Fi of another hop i, there are two cases. If Tj is not Fi,
// then Fi -> Tj is an edge too and closes a shorter cycle which leaves out the
// hops from i up to j; that one is to be judged, and this one is gated. If Tj
// is Fi, the goroutine holds one lock of the class and waits for another, or
// it would be waiting for itself; the lock held is then not the one that hop i
// holds, and does not gate.
//
// An edge from a class to itself says nothing about order unless the two
// instances have a known relation (Edge.Link). Then the two directions of one
// relation, parent to child here and child to parent there, form a cycle of
// two hops. So does one edge between instances that come in any order.
//
// # Which cycles are reported
//
// Every feasible inversion, that is a cycle of two hops, is one finding. A
// longer cycle is reported only if none of its hops is part of a cycle already
// reported, so that one wrong order gives one report, and it is a shortest
// one through one of its edges. A cycle with Doubt does not take the place of a
// longer cycle without.
//
// # What it misses, and what it over-reports
//
// Missed: cycles through instances of one class without a known Link; cycles
// through things that are not locks (channels, WaitGroups), unless the
// producer of the edges models them as classes; the second of two cycles that
// share a hop, until the first is repaired; in components that are large and
// in which gates or threads rule out most cycles, a feasible cycle that lies
// behind 16 shorter infeasible ones through each of its hops, or beyond the
// bound on work, and cycles of more than 128 hops (see search.go); orders whose variants with least gates are
// beyond the numbers kept (see variant.go).
//
// Over-reported: cycles whose instances never coincide; cycles whose hops never
// overlap in time for a reason other than a lock, such as a phase of start-up
// or a goroutine waited for; cycles of three or more hops are likelier than
// inversions to be of either kind.
//
// # Cost and concurrency
//
// Nothing here is safe for concurrent use: the caller serialises. Adding an
// edge is a few hash look-ups. Cycles is linear in the number of edges for a
// graph without cycles, and spends bounded additional work in each strongly
// connected component. No result depends on map order or on the order in which
// edges were added.
//
// [Order] is a separate structure: a graph over plain numbers that refuses
// edges which would close a cycle. The runtime half asks it before a goroutine
// blocks.
package lockgraph
