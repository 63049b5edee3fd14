package effects

// A V is the number of an instruction in its function, and of its value. 0 is none.
type V int32

// A Pos is a place in source. File is an index into [Unit.Files].
type Pos struct {
	File      int32
	Line, Col int32
}

// IsValid reports whether there is a position.
func (p Pos) IsValid() bool { return p.Line > 0 }

// A Unit is what one package does.
type Unit struct {
	Path  string    // import path
	Name  string    // of the package
	Files []string  // names of the files that positions are in, as messages show them
	Types []*Type   // see Type.ID
	Funcs []*Func   // in source order, literals behind the function they are in, wrappers last
	Args  []TypeArg // what type parameters stand for, in order
	Boxed []Boxed   // types of which values are made interfaces, as far as they have methods
}

// A Func is one function. It is not changed after it is made, and may be read by several goroutines.
type Func struct {
	Unit *Unit
	ID   int    // in a program: its number, see package solve; -1 if it only stands for a function outside
	Name string // import path and name, as witnesses have it: "example.com/m.(*Queue).Push", with "$1" for a literal
	Key  string // by which importers look it up, "" if they cannot
	Pos  Pos
	End  Pos

	Build string // of a package that is compiled anew for a test: which test's; else "". It is not the function of that name of another build, and its types are others

	Parent   *Func // of a literal: the function around it
	Recv     bool  // the first parameter is a receiver
	Wrapper  bool  // only passes its arguments on: a promoted method, a method value
	Made     bool  // synthetic: not in source as it is, the initializer of a package among them
	Exported bool  // its name is exported, and it is no literal
	Test     bool  // in a test file
	Generic  bool
	Recovers bool // it calls recover

	Params  []V // leaves
	Free    []V // leaves
	Results []*Type

	Code    []Instr // 0 is not used
	First   V       // the first instruction that is no leaf
	Blocks  []Block
	Recover int // block that runs after a recovered panic; -1 if there is none

	Callbacks map[V][]Callback
	Targets   map[V][]*Func // of calls that are not static, as far as they are known

	Literals []*Func // function literals in this one, not in those

	derived // see cfg.go and uses.go
}

// A Block is a sequence of instructions that are entered at the first and left at the last.
type Block struct {
	First, Last V
	Succs       []int32
	Preds       []int32
}

// An Instr is one instruction.
type Instr struct {
	Op    Op
	How   How
	Flags Flags
	Index int32 // Extract: which result
	Block int32 // -1 for leaves
	Type  *Type // of the value; nil if there is none
	Fn    *Func // FuncOf, Closure, static Call; nil if it is not in the program
	Args  []V
	Sym   string // see the operations; of a static Call and FuncOf the key of the function
	Class string // Field, FieldOf, Global, Alloc, Free: class of the place, "" if only what contains it tells. Static Call, FuncOf: import path of the function
	Pos   Pos
}

// A Callback is a function that a call which the model knows calls or starts. They are in the order of the calls.
type Callback struct {
	Arg      V      // operand that is the function, or has the method
	Method   string // of the operand; "" if it is the function itself
	Fn       *Func  // the method; nil if it is not in the program: then
	Pkg, Key string // tell which it is
	Recv     V      // what the method is called on
	Started  bool   // in another goroutine
}

// At returns the instruction of a number.
func (f *Func) At(v V) *Instr { return &f.Code[v] }

// Op returns the operation of a number; that of 0 is None.
func (f *Func) Op(v V) Op { return f.Code[v].Op }

// Outermost returns the declared function that a literal is in, and a declared function itself.
func (f *Func) Outermost() *Func {
	for f.Parent != nil {
		f = f.Parent
	}
	return f
}

// Forget frees the body of a function of which nothing is asked any more. Nobody may look at it at that time.
func (f *Func) Forget() {
	f.Code, f.Blocks, f.Callbacks, f.Targets, f.derived = make([]Instr, 1), nil, nil, nil, derived{}
	f.First, f.Params, f.Free = 1, nil, nil
}

// Serves reports whether a function has the parameters of a handler of HTTP requests: a server runs it for any number of
// requests at once.
func (f *Func) Serves() bool {
	ps := f.Params
	if f.Recv && len(ps) > 0 {
		ps = ps[1:]
	}
	is := func(v V, name string) bool { t := f.At(v).Type.To(); return t != nil && t.Name == name }
	return len(ps) == 2 && len(f.Results) == 0 && is(ps[0], "net/http.ResponseWriter") && is(ps[1], "net/http.Request")
}
