package effects

// The words of the text form.

var opWords = [...]string{
	None: "none", Param: "param", Free: "free", Const: "const", Global: "global", FuncOf: "func",
	Alloc: "alloc", Field: "field", FieldOf: "fieldof", Elem: "elem", ElemOf: "elemof", Load: "load", Store: "store",
	Lookup: "lookup", MapUpdate: "mapupdate", Range: "range", Next: "next", Slice: "slice", Phi: "phi", Convert: "convert",
	Box: "box", Assert: "assert", Extract: "extract", MakeMap: "makemap", MakeSlice: "makeslice", MakeChan: "makechan",
	Closure: "closure", Compare: "compare", Not: "not", Opaque: "opaque", Call: "call", Invoke: "invoke", Builtin: "builtin",
	Acquire: "acquire", Release: "release", TryAcquire: "tryacquire", RLocker: "rlocker", NewCond: "newcond", CondWait: "condwait",
	Signal: "signal", Add: "add", Done: "done", Wait: "wait", Start: "start", Once: "once", Atomic: "atomic", Known: "known",
	Send: "send", Recv: "recv", Close: "close", Select: "select", RunDefers: "rundefers", Return: "return", Panic: "panic",
	If: "if", Jump: "jump",
}

// LastOp is the last operation.
const LastOp = Op(len(opWords) - 1)

var syncWords = [...]string{
	NoSync: "", Mutex: "mutex", RWMutex: "rwmutex", Locker: "locker", LockType: "lock", WaitGroup: "waitgroup", Cond: "cond",
	OnceType: "once", AtomicOf: "atomic", Context: "context", Safe: "safe",
}

// kindWords are the kinds that are one word in the text, and the first words of others.
var kindWords = [...]string{
	Other: "int", Bool: "bool", String: "string", Pointer: "*", Struct: "struct", Array: "[n]", SliceOf: "[]", Map: "map", Chan: "chan",
	Signature: "func", Interface: "interface", Tuple: "()", Unsafe: "unsafe", TypeParam: "typeparam",
}

func word[E ~uint8](words []string, e E) string {
	if int(e) < len(words) {
		return words[e]
	}
	return "?"
}

// String returns the word of an operation in the text form.
func (op Op) String() string { return word(opWords[:], op) }

// String returns the word by which the text form marks a type.
func (s Sync) String() string { return word(syncWords[:], s) }

// String returns the word of a kind in the text form.
func (k Kind) String() string { return word(kindWords[:], k) }
