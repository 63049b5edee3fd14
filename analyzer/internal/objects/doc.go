// Package objects follows single objects through a function, the functions that it calls and the goroutines that it starts.
//
// # The model
//
// An object is what several goroutines of one scope (see package threads) may have: a variable, what a new expression or a call has made, what a
// parameter of the function points to, a package variable. From where the function has it the object is followed forward through fields, elements,
// pointers in it, variables that hold only it, captured variables, and arguments of calls that the scope enters, each call by itself. What is found
// are the accesses, each with the place that it touches, a path from the object:
//
//	.f     a field
//	^      what a pointer there points to, or what a slice or map there holds
//	[3]    an element, by a constant
//	[*]    an element that is not known
//	[]     all elements
//	[*n]   all elements, one after the other, by the index n of a loop; who has another index of it has another element
//	[+]    the room behind the last element, to which append writes
//
// Two places overlap if one is a part of the other, no pointer between. Elements overlap if their constants are equal, or if one stands for all.
//
// A place behind a pointer is only the same for two goroutines if the pointer is. An access is loose ([Access.Loose]) where a pointer on the way is
// set more often than once, here or anywhere in the program.
//
// The way of following is that of field- and context-sensitive must-alias within reach (compare S. Fink, E. Yahav, N. Dor, G. Ramalingam, E. Geay:
// Effective Typestate Verification in the Presence of Aliasing, TOSEM 2008): what is merged or put where it is not followed is given up.
//
// # What it misses
//
// Objects in elements and fields of other objects, values merged at joins, method calls on interfaces, unsafe pointers, elements by equal indices that are no
// constants. Functions of other packages are not entered; of containers of the standard library the model tells which methods change them.
//
// # Cost
//
// Linear in the uses that are followed; a scope follows each object for at most maxSteps uses.
package objects
