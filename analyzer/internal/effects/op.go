package effects

import "slices"

// An Op is what an instruction does. The comment lists the operands, in order.
type Op uint8

const (
	None Op = iota

	// Leaves: they stand before the first block.
	Param  // parameter; Sym its name, receiver first
	Free   // captured variable: the address of the variable of the function around; Sym its name
	Const  // Sym is the value as text, "nil" for nil
	Global // address of a package variable; Class names it
	FuncOf // function as a value; Fn

	// Places and values.
	Alloc     // address of a new variable or object; Sym is the variable's name, "" for an object of an expression
	Field     // address of a field of what x points to: x; Sym the field, Class
	FieldOf   // field of a struct value: x; Sym, Class
	Elem      // address of an element of what x points to, or of slice x: x, index
	ElemOf    // element of an array value: x, index
	Load      // content of an address: x; Sym is "_" if the program does nothing with it
	Store     // addr, value
	Lookup    // element of a map or string: x, key; flag CommaOK
	MapUpdate // map, key, value
	Range     // iterator over a map or string: x
	Next      // iterator
	Slice     // part of a slice, string, or of the array x points to: x, low, high, max; 0 where not given
	Phi       // one operand for each predecessor of the block, in their order
	Convert   // value of another type, the same object: x (conversions, interfaces to interfaces)
	Box       // a value made an interface: x
	Assert    // x.(T): x; flag CommaOK
	Extract   // Index-th of the results of a tuple: x
	MakeMap   //
	MakeSlice //
	MakeChan  // size
	Closure   // function with captured variables: the variables; Fn
	Compare   // Sym is the operator: x, y
	Not       // x
	Opaque    // some other value: what it is made of, if that may be objects, was read from memory that others see, or is what a call gave; or the counter of a loop and 1

	// Calls. How tells whether it is done at once, deferred, or in another goroutine.
	Call    // static: arguments, receiver first; Fn. Else: function value, then arguments; flag Dynamic
	Invoke  // interface method Sym: interface value, arguments
	Builtin // Sym is its name: arguments

	// Operations: calls which the model knows. The first operand is the object.
	Acquire    // Lock, RLock (flag Shared)
	Release    // Unlock, RUnlock (flag Shared)
	TryAcquire // TryLock, TryRLock (flag Shared); flag Blocking if it is tried until it succeeds
	RLocker    // the Locker that read-locks the operand
	NewCond    // Cond whose L is the operand
	CondWait   // Cond
	Signal     // Cond; flag All for Broadcast
	Add        // WaitGroup, number
	Done       // WaitGroup
	Wait       // WaitGroup or group
	Start      // WaitGroup.Go, errgroup.Group.Go: group, then the other arguments; the function is a Callback
	Once       // Once; the function is a Callback
	Atomic     // function of sync/atomic or method of its types: address, arguments; Sym the operation ("AddInt64", "Load")
	Known      // another call that the model knows: arguments; Sym its name, see Callbacks; flag NoReturn

	// Channels.
	Send   // channel, value
	Recv   // channel; flag CommaOK
	Close  // channel
	Select // channel and value (0 for a receive) of each case in turn; flag Blocking

	// Control.
	RunDefers
	Return // results
	Panic  // value
	If     // condition; the block has two successors
	Jump   //
)

// Leaf reports whether an operation stands outside the control flow.
func (op Op) Leaf() bool { return op >= Param && op <= FuncOf }

// Calls reports whether an operation is a call in Go source.
func (op Op) Calls() bool { return op >= Call && op <= Known || op == Close }

// Sync reports whether an operation is a call by which a goroutine orders itself with others.
func (op Op) Sync() bool { return op >= Acquire && op <= Atomic }

// Ends reports whether an operation ends a block.
func (op Op) Ends() bool { return op >= Return }

// A How tells when a call is made.
type How uint8

const (
	AtOnce   How = iota
	Deferred     // by a defer statement: when the function ends
	Started      // by a go statement: in a goroutine of its own
)

// Flags are what else there is to know of an instruction.
type Flags uint16

const (
	CommaOK  Flags = 1 << iota // the value is a tuple of the value and whether there is one
	Shared                     // a lock is taken or given back for reading
	All                        // Broadcast
	Blocking                   // a Select without default; a TryAcquire that is tried again and again
	NoReturn                   // the call never returns
	Dynamic                    // a Call of a function value
	Heap                       // an Alloc that outlives the call
	Through                    // a Convert through unsafe.Pointer
	Recover                    // a function that calls recover, for Closure and FuncOf
	Exported                   // the method of an Invoke can be called by other packages
	Method                     // an Atomic is a method of a type of sync/atomic
	Reads                      // a call of a method of a container of the standard library that does not change it
	Mutates                    // one that does
	Varargs                    // an Alloc of the array of variadic arguments
	Joins                      // a Call or Invoke of the method Wait of a type that is like a WaitGroup: it may be that goroutines have ended then
)

// CalledBack are the methods which functions that the model knows call on their operands.
var CalledBack = []string{"String", "Error", "Format", "GoString", "MarshalJSON", "MarshalText", "UnmarshalJSON", "UnmarshalText", "Len", "Less", "Swap", "Push", "Pop", "Write", "WriteString", "ReadFrom", "Read", "WriteTo"}

// IsCalledBack reports whether a method is among those.
func IsCalledBack(name string) bool { return slices.Contains(CalledBack, name) }
