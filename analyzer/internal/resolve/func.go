package resolve

import (
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/summary"
)

// V is the number of an instruction and of its value.
type V = effects.V

// Facts are what is known of the program around a function.
type Facts struct {
	// Summary returns the summary of a function of the program, nil if it is not known.
	Summary func(*effects.Func) *summary.Func
	// External returns the summary of a function outside, by its key; nil if it is not known.
	External func(pkg, key string) *summary.Func
	// Mutable reports whether the field or variable of a class is stored to after its object was built, as far as
	// the package of a function can tell.
	Mutable func(from *effects.Func, class string) bool
	// Sibling returns the lock that the Locker or Cond in a field of a class always stands for.
	Sibling func(class string) (Sibling, bool)
	// Kept returns what the field of a class is set to wherever it is set; nil if that is not one thing. It may be missing.
	Kept func(class string) *Kept
	// Element tells what leads from what a call reaches, by way of an element of the container in the field of a class, back to the
	// object with the field; nil if nothing does. It may be missing.
	Element func(class string, fn *effects.Func) *Kept
	// Told reports whether all calls of a function tell what a parameter or captured variable of it is. It may be missing.
	Told func(fn *effects.Func, leaf V) bool
	// Sentinel reports whether the variable of a class is an error that is never nil. It may be missing.
	Sentinel func(from *effects.Func, class string) bool
	// Guesses returns what a call may reach of which nothing in the program tells what it reaches. It may be missing.
	Guesses func(fn *effects.Func, at V) []*effects.Func
}

// A Sibling is another field of the same object, the lock for which a Locker or Cond stands.
type Sibling struct {
	Name, Class string
	Read        bool // read-locked
}

// Known is what is known on a path.
type Known interface {
	// Binding returns what a value merged at a join is.
	Binding(V) (ident.Path, bool)
	// Constant returns the constant that a value equals.
	Constant(V) (string, bool)
}

// A Func is a function in view of the program. It is used by one goroutine at a time.
type Func struct {
	*effects.Func
	Facts *Facts

	Locks, Unlocks map[string]bool // classes of the locks that the function itself locks and unlocks
	Stores         map[string]bool // classes of the fields and variables stored to, here or below, through what others may see

	unstable  map[string]bool     // classes of the fields and variables stored to, here or below
	mapStores bool                // the function stores to a map
	cells     map[V]*Cell         // of variables in memory
	pubs      map[V][]publication // see publishedBy
	built     map[V]map[string]V
	paths     []path                  // by value, those that depend on no path through the function
	wiring    int                     // of rewire within rewire
	inner     map[*effects.Func]*Func // see within
}

// New looks at a function once.
func New(facts *Facts, fn *effects.Func) *Func {
	f := &Func{
		Func: fn, Facts: facts,
		Locks: map[string]bool{}, Unlocks: map[string]bool{}, Stores: map[string]bool{},
		unstable: map[string]bool{}, cells: map[V]*Cell{}, pubs: map[V][]publication{}, built: map[V]map[string]V{},
		paths: make([]path, len(fn.Code)),
	}
	for v := fn.First; int(v) < len(fn.Code); v++ {
		if fn.Code[v].Op == effects.Alloc {
			f.cells[v] = cellOf(fn, v)
		}
	}
	for v := fn.First; int(v) < len(fn.Code); v++ {
		f.scan(v)
	}
	clear(f.paths) // some were found before all stores were
	return f
}

func (f *Func) scan(v V) {
	in := f.At(v)
	switch in.Op {
	case effects.MapUpdate:
		f.mapStores = true
	case effects.Store:
		f.scanStore(in)
	case effects.Acquire, effects.TryAcquire, effects.CondWait, effects.RLocker:
		if in.How != effects.Started {
			f.Locks[f.Path(nil, in.Args[0]).Class] = true
		}
	case effects.Release:
		if in.How != effects.Started {
			f.Unlocks[f.Path(nil, in.Args[0]).Class] = true
		}
	case effects.Call, effects.Invoke:
		if in.How == effects.Started {
			return
		}
		for _, t := range f.Targets(v) {
			if s := f.Summary(t); s != nil {
				for _, c := range s.Stores {
					f.unstable[c] = true
					f.Stores[c] = true
				}
			}
		}
	}
}

// scanStore notes a store to a field or variable which other loads may see.
func (f *Func) scanStore(in *effects.Instr) {
	if f.Op(in.Args[0]) == effects.Alloc {
		return // a cell
	}
	p := f.Path(nil, in.Args[0])
	if p.Class == "" {
		return
	}
	f.unstable[p.Class] = true
	if p.Kind != ident.Alloc && f.Refers(in.Args[1]) {
		f.Stores[p.Class] = true
	}
}

// Refers reports whether a value leads to an object that others may see, too.
func (f *Func) Refers(v V) bool { return f.At(v).Type.Refers() }

// Bool reports whether a value, or what it points to, is a boolean.
func (f *Func) Bool(v V) bool {
	t := f.At(v).Type.To()
	return t != nil && t.Kind == effects.Bool
}

// IsNil reports whether a value is the constant nil.
func (f *Func) IsNil(v V) bool { in := f.At(v); return in.Op == effects.Const && in.Sym == "nil" }

// NeverNil reports whether a value is certainly not nil.
func (f *Func) NeverNil(v V) bool {
	switch in := f.At(v); in.Op {
	case effects.Alloc, effects.MakeMap, effects.MakeSlice, effects.MakeChan, effects.Closure, effects.Field, effects.FuncOf, effects.Box:
		return true
	case effects.Convert:
		return in.Flags&effects.Through == 0 && in.Type != nil && in.Type.Kind != effects.Interface && f.NeverNil(in.Args[0])
	case effects.Load:
		g := f.At(in.Args[0])
		return g.Op == effects.Global && in.Type != nil && in.Type.Error && f.Facts.Sentinel != nil && f.Facts.Sentinel(f.Func, g.Class)
	case effects.Call:
		return GivesError(in)
	}
	return false
}

// GivesError reports whether a call is one of a function that makes an error of what it is given.
func GivesError(in *effects.Instr) bool {
	if in.Op != effects.Call || in.Flags&effects.Dynamic != 0 {
		return false
	}
	return in.Sym == "errors.New" || in.Sym == "fmt.Errorf"
}

// BoolConst returns the value of a boolean constant.
func (f *Func) BoolConst(v V) (val, ok bool) {
	in := f.At(v)
	if in.Op != effects.Const || in.Type == nil || in.Type.Kind != effects.Bool {
		return false, false
	}
	return in.Sym == "true", true
}
