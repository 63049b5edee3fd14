// Package effects is the program as concurrency sees it: for each function a small control-flow graph of
// the instructions that can matter to who holds which lock, who touches which place, and who waits for whom.
//
// # The model
//
// A [Unit] is one package, the object file of this compiler. Its functions ([Func]) are extracted
// once from the SSA form (package extract) and know neither that nor go/types afterwards, so that all that comes
// later (held locks, threads, guards, checks) can be run from a cache, in parallel, and from ten lines of text in a test.
//
// A function is one list of instructions, [Func.Code]. An instruction and its value have one number, a [V]: operands are
// numbers of instructions. The list starts with what has no place in the control flow (parameters, captured
// variables, constants, package variables, functions, all told by [Op.Leaf]); then come the instructions of block 0, of block 1, and so on.
// The form is static single assignment, as that of golang.org/x/tools/go/ssa, from which these differences make it small:
//
//   - A call whose effect the model knows (package model) is an operation of its own: Acquire, Release, Done, Wait,
//     Atomic, ... The first operand is the lock, the WaitGroup, the address. Functions that such a call calls or starts
//     (sync.Once, time.AfterFunc, sort.Slice) are its [Callback]s. Calls of functions that do nothing to anybody are left out
//     unless their value is used.
//   - An interface method called on a value that was made an interface in plain sight is a static call.
//   - Arithmetic and conversions of numbers and strings are one operation, Opaque, and are left out if nothing that is kept
//     uses them. Comparisons are kept only where a branch may depend on them.
//   - A type ([Type]) is what is asked of it here: its kind, its name, its fields, what it synchronizes.
//
// Places are classed as in package ident: "pkgpath.Type.field", "pkgpath.var", "pkgpath.Func@var". Whether two places are
// one object is told by access paths, which package resolve makes from the operands.
//
// # Text
//
// [Unit.Print] prints a unit, [Func.String] a function, and [Parse] reads it:
//
//	unit example.com/m m
//	import sync/atomic
//	file "q.go"
//	type m.Queue struct { mu sync.Mutex; items []int; n atomic.Int64 }
//	var m.total int
//
//	func (q *m.Queue) m.(*Queue).Push(x int, now bool) error {  ; q.go:14:17-20:2 14:7 14:22 14:29
//	b0:
//		v7 = field q mu m.Queue.mu                              ; 15:4
//		acquire v7                                              ; 15:9
//		defer release v7                                        ; 16:16
//		if now b1 b2
//	b1:
//		v11 = closure m.(*Queue).Push$1(q)
//		go call v11()                                           ; 17:3
//		jump b2
//	b2: from b0 b1
//		store &m.total 1                                        ; 19:2
//		return nil:error                                        ; 19:9
//	}
//
// A value is "v" and its number, a parameter or captured variable its name. Other leaves stand where they are used: a constant
// (a number, a quoted string, true, false, nil, zero, or # and any text in quotes; its type follows a colon), "&" and a package variable, a function.
// A function of the unit is told by its name, one of another unit by its key, from which the package follows; else !in and the package stand behind it.
// Of several things that are written the same the second has "~2" behind it. "_" is no operand or no type.
// The grammar, where [x] may be missing, {x} is any number of x, and 'x' is x itself:
//
//	unit     = ['unit' path [name [short]]] {'import' path [short] | 'file' string | 'type' name type ['!in' path] | 'var' name [type]} {func}
//	func     = 'func' ['(' param ')'] name '(' params ')' [type] ['captures' '(' params ')'] {'!' mark} '{' [';' place] {label | instr} '}'
//	param    = name ['=' string] [type [class]]                 the string is the name in the source, if another
//	mark     = wrapper made test generic recovers receives exported unexported declared | 'key' string | 'inside' name
//	place    = file:line:col[-line:col] {line:col}              where it starts and ends, and its parameters
//	label    = name ':' ['!recover'] ['from' {name}]            from: the predecessors, in order
//	instr    = [[name [type]] '='] ['defer' | 'go'] op{'.'flag | '.no'flag} operands {more} [';' [file:]line:col]
//	operands = 'field' x name [class] | 'alloc' [name [class]] | 'compare' x operator x | 'extract' x index | 'opaque' [string] {x}
//	         | 'call' (function | x) list | 'known' function list | 'closure' function list | 'invoke' x.method list
//	         | 'builtin' name list | 'atomic' name list | 'select' [x] '<-' [x] {',' [x] '<-' [x]} | 'if' x name name | 'jump' name
//	         | 'const' constant | 'global' name | 'func' function | {x}            the last for all other operations
//	list     = '(' [x {',' x}] ')'
//	more     = 'by(' function ')' | 'calls(' callbacks ')' | 'starts(' callbacks ')' | '->' {function} | 'sym(' string ')' | 'class(' class ')' | 'index(' number ')'
//	callback = [x] ['.' method [function]] ['on' x]             without x what the instruction makes
//	type     = int bool string unsafe typeparam interface | name | '*' type | '[' [number] ']' type | 'map[_]' type | 'chan' type
//	         | 'func()' [tuple] | 'struct' ['{' {[name | '+' name] type ';'} '}'] | tuple | type '!' sync     the results of a function are all that is told of it
//	tuple    = '(' [type {',' type}] ')'                        with a comma behind a single one
//
// Int stands for all of kind Other. Line breaks may separate fields. Names are words of letters, digits and . / - $ @ ' with parentheses or brackets after
// a dot or letter, and begin with the short name of an import path; "@" and a quoted string stands for any other. "//" begins a comment.
//
// What follows from the rest may be left out, and is left out by the printer (guess.go): the types of parts, of loads and of results; the class of a local
// variable or a field; the function behind acquire and the like; the flags exported, method, recover and dynamic; what start and once call; methods of what is boxed.
// Who writes by hand may leave out more:
// the line of the unit (its path is the package of the first function), declarations of types (structs without fields; the types of package
// sync are known), types of parameters, the label of the first block, the jump to the next block and the return at the end, positions (the line of the text in the file "t"; none
// in a function that has a position itself), and the package of a function that is called. Values and blocks may have any names.
//
// # Binary form
//
// [Unit.Encode] writes a unit, [Open] and [Decode] read it, with the bodies of functions on demand or at once (codec.go). Damage is an error.
// A unit that was read refers to functions of other units by package and key; [Link] makes pointers of these. The bytes of a unit do not depend
// on whether it is linked.
//
// # What it misses
//
// What reflection, unsafe arithmetic, cgo and assembly do is not there. Loops over channels, maps and iterators are what
// SSA makes of them. Values of struct type are copied as a whole: [Load] of a struct reads all its fields.
package effects
