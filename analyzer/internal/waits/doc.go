// Package waits tells which channels, contexts, WaitGroups and Conds a package has, and everything that is done to each: who waits for it,
// and who could end that wait.
//
// # The model
//
// A channel is known by where it is made, its [Object]: all channels made by one instruction are one object. So are contexts that can be
// canceled: calling the cancel function closes them, Done is received from. Which objects a value may be is found by an inclusion-based points-to
// analysis (L. O. Andersen: Program Analysis and Specialization for the C Programming Language, 1994) over one package:
//
//  1. Every value of a channel, function or context type is a node, and so is every place that holds one: a local variable, a
//     parameter, a result, a package variable, and a field of a named struct, which is one node for all objects of that type.
//  2. An instruction that moves a value from one node to another is an edge; one that makes a channel or a function puts it in its node.
//  3. A call of a function value moves its arguments to the parameters of all functions that the value may be, as these are found.
//  4. What leaves the package's view (an argument of a function that is not read, an element of a slice, map or channel, an interface,
//     a field or result that others can name) flows to one node, "unknown"; what comes from there is unknown.
//  5. Nodes are worked off until nothing changes.
//
// An object that never flows to unknown is complete: all that is ever done to it is in view ([Object.Complete]). About others nothing is claimed.
//
// A function is live if code outside of the package, main, a test or a goroutine can come to it ([Model.Live]). What is done in functions that nobody calls is not done.
// WaitGroups and Conds are not values but places: they are told apart by the class of the field or variable that they are in, and are complete
// if their address is only used to call their methods (group.go).
//
// # What it misses and what it over-reports
//
// One object stands for all channels that its instruction makes: a send to one of them counts as a send to each. That errs on the side of silence: a
// counterpart that is none can be believed, none is overlooked. Methods called through interfaces are taken to be called with, and to return to, what is unknown.
// Reflection and unsafe are not followed. A file that is left out by build tags is not seen.
//
// # Cost
//
// Linear in the instructions of functions that handle channels, times the objects that meet in one node, which are few.
package waits
