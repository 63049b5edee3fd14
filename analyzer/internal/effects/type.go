package effects

// A Kind is the kind of a type behind its name.
type Kind uint8

const (
	Other Kind = iota // numbers, and what nothing is asked of
	Bool
	String
	Pointer
	Struct
	Array
	SliceOf
	Map
	Chan
	Signature
	Interface
	Tuple
	Unsafe    // unsafe.Pointer
	TypeParam //
)

// A Sync is what a type is made for, as far as concurrency goes.
type Sync uint8

const (
	NoSync    Sync = iota
	Mutex          // a lock by itself
	RWMutex        // a lock that several can read-lock
	Locker         // the interface sync.Locker
	LockType       // a type of the program that is a lock: it has Lock and Unlock, which lock and unlock a lock inside
	WaitGroup      // also groups that start goroutines and wait for them
	Cond           //
	OnceType       //
	AtomicOf       // types of sync/atomic
	Context        //
	Safe           // another type that several goroutines may use: sync.Map, sync.Pool, testing.T
)

// A Type is what is asked of a type here. Types of one unit are the same pointer if they are identical.
type Type struct {
	ID      int
	Kind    Kind
	Sync    Sync
	Name    string // of a named type: package path and name, without type arguments; else ""
	Pkg     string // that declares a named type
	Elem    *Type  // Pointer, Array, SliceOf, Map, Chan
	Fields  []FieldType
	Len     int64    // Array
	Serves  bool     // Signature: a handler of HTTP requests
	Error   bool     // the type error
	Results []*Type  // Signature and Tuple: the results
	Text    string   // Signature: parameters and results, as "(int,...io.Reader)(error)". TypeParam: "$", and of what it is a parameter. The same in all packages; "" is not known
	Methods []string // Interface, and TypeParam as far as it must have them: name and Text, as "Close()(error)", in order; those that other packages cannot have begin with their import path
}

// A FieldType is a field of a struct.
type FieldType struct {
	Name     string
	Embedded bool
	Type     *Type
}

// Refers reports whether values of the type lead to objects that others may see, too.
func (t *Type) Refers() bool {
	if t == nil {
		return false
	}
	switch t.Kind {
	case Pointer, Interface, SliceOf, Map, Signature, Chan, TypeParam:
		return true
	}
	return false
}

// To returns what a pointer type points to, and other types themselves.
func (t *Type) To() *Type {
	if t != nil && t.Kind == Pointer {
		return t.Elem
	}
	return t
}

// IsLock reports whether a type, or what it points to, is a lock.
func (t *Type) IsLock() bool {
	if t = t.To(); t == nil {
		return false
	}
	switch t.Sync {
	case Mutex, RWMutex, Locker, LockType:
		return true
	}
	return false
}

// MaxTypeDepth bounds types in types.
const MaxTypeDepth = 200
