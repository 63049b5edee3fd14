// Package text is the text form of effects, for people (-debug=effects) and for tests, which state in a few lines what a
// function does.
//
// # The form
//
// [Print] prints a unit, [String] a function, and [Parse] reads them:
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
//	unit     = ['unit' path [name [short]]] {'import' path [short] | 'file' string | 'type' name type ['!in' path] | 'var' name [type] | 'typearg' string string | 'boxed' type [string [string]] '{' [{string [path string] ','}] '}'} {func}
//	func     = 'func' ['(' param ')'] name '(' params ')' [type] ['captures' '(' params ')'] {'!' mark} '{' [';' place] {label | instr} '}'
//	param    = name ['=' string] [type [class]]                 the string is the name in the source, if another
//	mark     = wrapper made test generic recovers receives exported unexported declared | 'key' string | 'build' string | 'inside' name
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
//	type     = int bool string unsafe | ('interface' | 'typeparam') ['(' {string ','} ')'] | name | '*' type | '[' [number] ']' type | 'map[_]' type | 'chan' type
//	         | 'func(' [string] ')' [tuple] | 'struct' ['{' {[name | '+' name] type ';'} '}'] | tuple | type '!' sync
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
package text
