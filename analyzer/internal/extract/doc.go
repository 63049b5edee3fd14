// Package extract makes package effects of SSA: it is the only place where golang.org/x/tools/go/ssa and go/types are read.
//
// # The model
//
// An [Extractor] is given the declared functions of a program ([Extractor.Add]). To these it adds their literals, and the
// wrappers that they refer to: promoted methods, method values and method expressions. Instances of generic functions
// stand for the generic function itself. [Extractor.Extract] then makes the bodies, several at a time; what comes out does
// not depend on how many.
//
// In a body, what is kept is found from the instructions that do something or tell something to others: stores,
// reads, calls, synchronization, control (roots.go). With an instruction, that which makes its operands is kept,
// and all else is left out. Constants, functions and package variables become leaves, one of each in a function.
//
//   - A call of a function that package model knows becomes an operation of its own, with the functions it calls back (call.go,
//     callback.go). A call of a function that only computes is left out unless its value is used.
//   - A method called on a value that was made an interface in plain sight is a static call, unless the method of the interface
//     is an operation, as is Lock of a sync.Locker, and that of the value has no body to read.
//   - A static call, and a function as a value, have the import path and the key of the function as class and symbol, also
//     if the function is in the program.
//   - What package calls needs is told of types (typetext.go, made.go): signatures, and the methods of what is made an interface.
//   - Where a value is made an interface, its methods by which fmt, sort, io, encoding/json and the like call back are
//     [effects.Func.Callbacks] of the Box.
//
// Types are described once for each package (types.go). Fields are told of structs that the package has values of or pointers to, and of
// what these contain; of structs only reached through pointers in fields there is the name.
//
// A type is a [effects.LockType] by what its methods do (locktype.go).
//
// Positions are those that messages show: a call is where its expression begins, if the parenthesis is on the same line,
// and the load of a variable, to which SSA gives no position, is at its name nearest to what is done with the value.
//
// # What it misses
//
// Calls of functions of reflect, plugin, cgo and assembly are static calls of which nothing more is known. Methods of what is
// made an interface elsewhere are only known as targets of a dynamic call, if there are any. A type whose methods are not in
// the program is a lock type by its methods and fields alone.
package extract
