// Package guards finds which lock guards which field or package variable, and the accesses
// that do not hold it.
//
// # The model
//
// An access is a read or a write of a field of a struct that has a lock, of a struct
// inside one, of a package variable, or of what a map or slice there holds; what a field holds
// is a place of its own, written F[]. A scene is one way in which a function comes to run: the locks that
// its callers hold, the roots from which it is reached, and the chain of calls. A root is an
// exported function, a go statement, a function value that is kept, main, or init. Scenes are propagated
// from the roots along calls; an exported function of a library has a scene of its own, without
// locks, unless its name or its comment says that callers must hold one.
//
// Of the accesses to a place those are left out that cannot meet another one: to an object
// which nobody else has seen yet, in init, in tests. If none of the rest is a write there is nothing to
// guard. The guard is what a comment declares (see [Declared]), or what the code believes: the lock
// which most of the accesses hold, in the sense of
//
//		D. Engler, D. Y. Chen, S. Hallem, A. Chou, B. Chelf: Bugs as Deviant Behavior, SOSP 2001
//		https://doi.org/10.1145/502034.502041
//
//	 1. count, for each lock that is held at some access, the accesses at which it is held in
//	    all scenes, and the others;
//	 2. ask for a minimum: enough guarded accesses in enough functions, a write among them;
//	 3. weigh the two counts, more if the lock is a field of the same struct, most if it is
//	    declared right above;
//	 4. report an access without the guard only if there is another that conflicts, with no lock in common
//	    (the condition of S. Savage et al.: Eraser, SOSP 1997, https://doi.org/10.1145/268998.266641), and the
//	    two can run at the same time: from different roots, or from one that may run many times at once.
//
// If the function of an access is called with the guard in some scenes and without it in others, the
// call without it is what is reported: the function requires the lock.
//
// A map or slice that is read with the guard held and then leaves the function takes its content out of the critical
// section (escape.go). The content is accessed where a caller in the package uses the result, or, if the
// function is exported, by anybody, without the guard. It is reported if there is a conflicting access, as above: the
// content is written in place.
//
// # What can be declared
//
// [Table.Undeclared] returns the guards that a comment can declare, of which the code does not have one yet: where all
// accesses hold the lock, and the counts of step 3 would carry a finding.
//
// # Atomic places
//
// Of the same scenes another question is asked: see [Table.Mixes]. A place whose address some call gives to a
// function of sync/atomic is accessed atomically; here any struct counts, elements and shared variables as well. A plain
// access is reported if an atomic one, one of the two writing, can run at the same time with no lock between. What
// orders the two otherwise lowers it, or silences it: a go statement behind it, a Wait before it, the last
// reference, one goroutine that does all the storing, snapshots (mixweight.go).
//
// # Confidence
//
// A finding starts with what is known of the guard (belief.go), or with what a plain access is worth, and is lowered for each
// reason that speaks against it: these have names (weight.go), stand with the finding, and are printed by -json.
//
// # What it misses and what it over-reports
//
// Locks are compared by class: an access of a.n with b.mu held counts as guarded. Fields of
// structs without a lock are seen only inside one that has a lock, not through a pointer.
// An object is its maker's own again when all goroutines that got it have ended (package threads). Other order by channels and WaitGroups is that between
// classes: a receive, or a Wait, and below it what functions tell by a close, a send or a Done, in any order but a close in
// front of the access. What calls have waited for when they come back counts, what callers have for channels which are closed
// and never sent to. A phase of the program ("before Start", "after Close") is seen where the function itself starts goroutines later,
// or has waited for some (phase.go). Stores through pointers to fields are not
// followed.
package guards
