// Package summary holds what one function does to locks, as its callers see it.
//
// A [Func] is computed bottom-up over the call graph and never looks at who
// calls it. Everything in it is relative to what a caller can name: parameters,
// captured variables, package variables and results; a lock that none of these
// reaches keeps only its class.
//
//   - Events: acquisitions that happen during the call, in the function itself
//     or anywhere below, each with what else is held inside at that moment
//     (gates), what of the caller's was released before, the condition on the
//     parameters under which it happens, and the chain of calls that leads there.
//     A call of a function-typed parameter is an event too, expanded by
//     the caller that knows the function.
//   - Exits: the ways to return, each with the locks it leaves held or has
//     released, and what the results tell about it (TryLock-like functions).
//   - Facts for the caller's aliasing: which parameters may become visible to
//     other goroutines, which results are new objects, which fields are stored.
//
// Sizes are capped, and a summary that lost something says so (Truncated).
//
// The idea of summarizing a method as pairs of held locks and an event, relative to
// its formals, is that of the starvation checker of Infer (D. Distefano, M.
// Fähndrich, F. Logozzo, P. O'Hearn: Scaling Static Analyses at Facebook, CACM 2019,
// https://doi.org/10.1145/3338112).
package summary
