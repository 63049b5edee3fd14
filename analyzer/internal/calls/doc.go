// Package calls finds which functions the calls reach that are not static: those of function values and of interface methods.
//
// # The model
//
// Variable type analysis (V. Sundaresan et al.: Practical Virtual Method Call Resolution for Java, OOPSLA 2000,
// https://doi.org/10.1145/353171.353189), over effects, of a whole program at once. A graph has a node for each value that is a function, an
// interface, or a pointer to a variable of such a type, and one for each of
//
//   - field, by its class; package variable; local variable;
//   - element of slices and arrays, of channels, keys and values of maps, by the type of the element;
//   - result of a function.
//
// An edge says that what is in one may come to be in the other. Pointers to variables lead both ways. What spreads along the edges are functions,
// and types of which a value is made an interface ([effects.Unit.Boxed]), filtered where a type is asserted. A call of a function
// value reaches the functions that come to it and have its signature; that of a method reaches the methods of the types that
// come to it and implement its interface. With each target that is found the arguments lead to its parameters and
// its results to the call, until no more are found. No call is thought to reach what does not come to it, so that
// a fake that a test hands to one object is no target of the calls through another of that type, unless they share a node.
//
// Targets are in the order of their names, which does not depend on the order in which packages were read.
//
// # What it misses
//
// Values that pass through functions without a body (sync.Pool, atomic.Value, container/list, context.Context.Value), reflection
// and unsafe pointers; methods of values of a type parameter. Fields of structs that are converted to another struct type are
// not those of the other.
//
// # What it over-reports
//
// No path and no calling context is told apart: all objects of a type are one, and all calls of a function. Elements of one type are one,
// wherever they are stored. Instances of a generic function or type are one. Signatures that differ only in the kinds of numbers, in
// the directions of channels or in the keys of maps are one.
//
// # Cost
//
// Linear in the instructions for each round (R. Tarjan's components, each with the union of what leads to it); there
// are as many rounds as calls in a chain of which each is only found by what the one before it passes on, about ten in large programs. A set is kept once, however many
// nodes have it.
package calls
