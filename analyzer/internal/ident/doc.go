// Package ident names locks.
//
// Two questions are asked of a lock, and they need different answers.
//
// "Which lock is this, for the whole program?" is answered by its class: a
// string that every function and every package computes alike, so that an
// acquisition here and one in another package can meet in one graph.
// A class is
//
//	pkgpath.Type.field   a field, named by the struct type that declares it
//	                     (type arguments erased, promotion resolved)
//	pkgpath.var          a package variable
//	pkgpath.Func@var     a local variable of Func
//
// and fields of unnamed struct types extend the class of what contains them.
// A lock that is an element of an array, slice or map has the class of the
// container.
//
// "Is this the very same lock as that one?" is answered by its access path:
// a root (parameter, captured variable, package variable, allocation, or the
// value of one SSA instruction) and the fields, pointers and indices that lead
// from it to the lock. Equal paths denote one instance ([Path.Same]); anything
// else is unknown, never assumed.
//
// # What it misses
//
// Paths are syntactic. Two names for one object (p and q := p are one name,
// m["a"] and a pointer kept from it are two) are not recognised as the same
// instance, which loses findings and does not invent any. The classes of two
// objects of one type are equal although the objects may never meet.
package ident
