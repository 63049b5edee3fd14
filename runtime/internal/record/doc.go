// Package record keeps, for each goroutine, the list of locks that it holds.
//
// It is the hot room of the runtime half: every Lock and Unlock of a watched
// lock passes through it. It decides nothing. What has been seen before costs a
// few nanoseconds; what is new goes to package decide.
//
// # Model
//
// A watched lock carries a [Lock] beside the real one: the class it belongs to,
// and where, by whom and under what it was locked last. A goroutine has a Slot,
// found by its id, with the locks that it holds, in the order in which it took
// them. Both are changed by plain stores: a Slot by its goroutine only, a Lock
// by the goroutine that holds it exclusively.
//
// The classes and modes of the locks held are summed up in one number, the chain.
// An acquisition is known if its goroutine has made it before with the same
// chain, class, mode and call site; then nothing can be learned from it. There
// are three ways to find that out, each dearer than the one before:
//
//  1. The list remembers, after its end, what stood there before, and the lock where it stood
//     last. If it is the same lock again, at the same site, after the same others,
//     the list is longer by what stands there already (Lock.Again). If another stood there since, the lock remembers
//     its last acquisition itself.
//  2. A table of all known acquisitions says which goroutine made each, or that
//     many did, which is as good as all.
//  3. The engine (package decide) is told, and learns what is new.
//
// Locks of one class held at once say nothing by their class. Their order is
// that of the instances, see package decide.
//
// Of a list that is longer than a Slot has room for, an entry that is taken out leaves a hole, which is closed before the
// next acquisition. Of more than 64 locks held, those of the class that is acquired are not told to the engine but the last.
//
// A goroutine keeps its Slot until it ends. Nobody tells when that is: slots of
// goroutines that are no more are found by asking the runtime for all that are,
// once slots run short, and whenever a dump is made.
//
// # Data races on purpose
//
// Slots are read by others while they change: by a goroutine that is about to
// block and looks for a circle of waiting, and for dumps. Both read twice and
// believe only what stays the same; a goroutine that waits does not change
// its Slot. All code of this package that runs in the goroutines of the program is
// marked norace and uses no synchronisation that the race detector can
// see: a program's own races stay visible.
//
// # What it misses
//
// An unlock by another goroutine takes effect in the Slot of the one that locked
// at its next acquisition. A lock that is copied keeps its class. Beyond 2^20
// known acquisitions, new ones are not looked at; [Stats] counts them.
//
// # Cost
//
// No allocation, no atomic operation and no clock in ways 1 and 2. A Slot takes 640 bytes;
// 1,024 of them and the table, 1 MiB, are reserved in the data segment, of which
// the operating system provides what is used.
package record
