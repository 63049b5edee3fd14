// Package access finds what a function does with places that goroutines may share. No path is walked.
//
// # The model
//
// A place is a field of a struct, a package variable, a variable of a function that literals share, or what a map, slice or
// array there holds, which is a place of its own: its class ends in "[]". An access is a read or a write of one, or a call of a
// function of sync/atomic that gets its address. Methods of buffers and containers of the standard library count as accesses to what
// they are called on, by what the model says of them.
//
// What leaves the function is told, too: an address that goes where it is not followed ([Scope.Leak]), a map or slice that is returned,
// sent, or stored in what is ([Scope.Escape]), and what is done with one that a call has returned ([Contents]).
//
// Of the object of an access it is told whether somebody else may have it by then: see Owned in package threads.
//
// # What it misses
//
// Stores through pointers to fields, elements of elements, and what reflection does.
package access
