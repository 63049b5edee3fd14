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

// lastOp is the last operation.
const lastOp = Op(len(opWords) - 1)

var flagWords = [...]string{
	"commaok", "shared", "all", "blocking", "noreturn", "dynamic", "heap", "through", "recover", "exported", "method", "reads", "mutates",
	"varargs", "joins",
}

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

// ops is the inverse of opWords.
var ops = func() map[string]Op {
	m := map[string]Op{}
	for op, w := range opWords {
		m[w] = Op(op)
	}
	delete(m, "none")
	return m
}()

// counts tells how many operands an operation has, at least and at most, where that is certain; the other operations have any number.
var counts = map[Op][2]int{
	Const: {0, 0}, Global: {0, 0}, FuncOf: {0, 0}, Alloc: {0, 0}, Field: {1, 1}, FieldOf: {1, 1}, Elem: {2, 2}, ElemOf: {2, 2},
	Load: {1, 1}, Store: {2, 2}, Lookup: {2, 2}, MapUpdate: {3, 3}, Range: {1, 1}, Next: {1, 1}, Slice: {4, 4}, Convert: {1, 1},
	Box: {1, 1}, Assert: {1, 1}, Extract: {1, 1}, MakeMap: {0, 0}, MakeSlice: {0, 0}, MakeChan: {1, 1}, Compare: {2, 2}, Not: {1, 1},
	Acquire: {1, 99}, Release: {1, 99}, TryAcquire: {1, 99}, RLocker: {1, 99}, NewCond: {1, 99}, CondWait: {1, 99}, Signal: {1, 99},
	Add: {1, 99}, Done: {1, 99}, Wait: {1, 99}, Start: {1, 99}, Once: {1, 99}, Send: {2, 2}, Recv: {1, 1}, Close: {1, 1},
	RunDefers: {0, 0}, Panic: {1, 1}, If: {1, 1}, Jump: {0, 0},
}

// knownTypes are what the text form takes these names for if it does not declare them.
var knownTypes = map[string]Type{
	"error":               {Kind: Interface, Error: true},
	"sync.Mutex":          {Kind: Struct, Sync: Mutex, Pkg: "sync"},
	"sync.RWMutex":        {Kind: Struct, Sync: RWMutex, Pkg: "sync"},
	"sync.Locker":         {Kind: Interface, Sync: Locker, Pkg: "sync"},
	"sync.WaitGroup":      {Kind: Struct, Sync: WaitGroup, Pkg: "sync"},
	"sync.Cond":           {Kind: Struct, Sync: Cond, Pkg: "sync"},
	"sync.Once":           {Kind: Struct, Sync: OnceType, Pkg: "sync"},
	"context.Context":     {Kind: Interface, Sync: Context, Pkg: "context"},
	"sync/atomic.Bool":    {Kind: Struct, Sync: AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Int32":   {Kind: Struct, Sync: AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Int64":   {Kind: Struct, Sync: AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Uint32":  {Kind: Struct, Sync: AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Uint64":  {Kind: Struct, Sync: AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Pointer": {Kind: Struct, Sync: AtomicOf, Pkg: "sync/atomic"},
	"sync/atomic.Value":   {Kind: Struct, Sync: AtomicOf, Pkg: "sync/atomic"},
}
