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
// and types of which a value is made an interface ([effects.Unit.Boxed]). A type assertion lets through what has the methods of the interface, or the
// signature. A call of a function value reaches the functions that come to it and have its signature; that of a method reaches the
// methods of the types that come to it and implement its interface.
//
// Arguments and results are passed by type before the targets are known: between all calls of a function value of one signature and all
// functions of that signature that are values; between all calls of a method of one interface and the methods of all types of which values
// are made that interface or another. That makes one pass of it. Types that other programs may make interfaces, the exported
// ones of the packages that are reported on, count for that as well, so that what a library is given by who uses it is not taken for dead.
//
// Generic code is there once. What a type parameter stands for is known ([effects.Unit.Args]), so that a signature with one is not taken for that of any
// function; what goes into generic code as one type comes out as another only if that has the methods.
//
// A package and its variant that is compiled anew for a test are two, as for go/types (builds.go).
//
// Targets are in the order of their names, which does not depend on the order in which packages were read.
//
// # What it misses
//
// Values that pass through functions without a body (sync.Pool, atomic.Value, container/list, context.Context.Value), reflection
// and unsafe pointers. Fields of structs that are converted to another struct type are not those of the other. Elements of containers
// that are neither functions nor interfaces, which generic code calls methods of, if they were not put there by generic code.
//
// # What it over-reports
//
// No path and no calling context is told apart: all objects of a type are one, and all calls of a function. Elements of one type are one,
// wherever they are stored. Instances of a generic function or type are one.
//
// # Cost
//
// Linear in the instructions and edges: a set is found for each component of the graph after those that lead to it (R. Tarjan), as the union of
// theirs. Only components with type assertions on their cycles are gone through until they are stable. A set is kept once, however many nodes have it.
package calls
