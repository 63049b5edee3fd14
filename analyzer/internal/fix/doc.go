// Package fix builds the edits that mend a finding, and applies them.
//
// # The model
//
// A fix is a list of edits of the source text, made from the syntax tree of one function:
// statements are inserted, deleted, or a name in them is replaced. What is not named by an edit
// keeps every byte, comments included. [Sources] finds the function, [Func] its
// statements, and what an expression means there; unlock.go, name.go, group.go, once.go and their like build the
// fixes, patch.go applies those of many findings. What concerns declarations of the package, and who
// uses them, is in global.go.
//
// A check that wants a fix of its own combines edits by [Join]: [Func.InsertBefore],
// [Func.InsertAfter], [Func.InsertAtEnd], [Func.Delete], [Func.Move], [Replace],
// [File.AppendComment] and [File.Import] see to comments, blank lines and indentation, and
// [Func.Rename] to the types.
//
// Whoever asks for a fix has proved that the finding is right and that it is the
// only thing wrong: the builders look at syntax and types, not at paths. They see to it
// that the result compiles, and that no expression is evaluated more or less
// often than before, or at a time when its value may be another.
//
// # When no fix is offered
//
//   - The finding is not of the band "error" (package lockset sees to that): who mends what
//     is right breaks it.
//   - The file belongs to a dependency: a whole program keeps no syntax of these.
//   - The file is generated, or a line directive or cgo stands between it and what is compiled,
//     or it has changed since it was read.
//   - The statement is not one of a list of statements of its own: the Lock in the
//     condition of an if, the body of a range over a function.
//   - The lock is written in a way that a second evaluation could change: with a call, or
//     with a variable that is assigned to in between, or hidden by another of its name, or
//     with a pointer in a field that others change.
//   - A WaitGroup is not called the same in front of the go statement as in the goroutine, or something
//     in the goroutine may end it before its Add (group.go).
//   - A variable that would get another type, or a lock that would go, is used elsewhere in the package, or
//     its name is found in tests or in files of other build tags (atomictype.go, once.go).
//   - A comment would be lost.
//   - An unlock cannot go before a return whose results must be computed under
//     the lock and cannot be kept in a variable first.
//
// # Fixes that overlap
//
// Of two fixes that edit the same place, the first is applied and the second left out.
// Two fixes that are the same are one.
package fix
