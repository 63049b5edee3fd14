package extract

import (
	"go/types"
	"sync"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

// A table has the types of one package.
type table struct {
	texts    *typeTexts
	mu       sync.Mutex
	all      typeutil.Map // types.Type -> *described
	numbered map[*effects.Type]bool
}

// A described type.
type described struct {
	*effects.Type
	of   types.Type
	full bool // the fields, of it and of what it points to or contains, are told
}

func newTable(texts *typeTexts) *table {
	return &table{texts: texts, numbered: map[*effects.Type]bool{}}
}

// at returns the description of the type of a value, with its fields and those of what it contains or points to.
func (t *table) at(typ types.Type) *effects.Type {
	t.mu.Lock()
	defer t.mu.Unlock()
	d := t.shallow(typ)
	t.fill(d, true)
	return d.Type
}

// shallow returns the description of a type without fields.
func (t *table) shallow(typ types.Type) *described {
	if d, ok := t.all.At(typ).(*described); ok {
		return d
	}
	d := &described{Type: &effects.Type{Kind: kindOf(typ), Sync: syncOf(typ)}, of: typ}
	t.all.Set(typ, d)
	if n, ok := types.Unalias(typ).(*types.Named); ok {
		d.Name = ident.TypeName(n)
		if p := n.Obj().Pkg(); p != nil {
			d.Pkg = p.Path()
		}
		d.Error = n.Obj().Pkg() == nil && n.Obj().Name() == "error"
	}
	if d.Kind == effects.TypeParam {
		d.Text = t.texts.typ(typ)
	}
	switch u := typ.Underlying().(type) {
	case *types.Pointer:
		d.Elem = t.shallow(u.Elem()).Type
	case *types.Slice:
		d.Elem = t.shallow(u.Elem()).Type
	case *types.Array:
		d.Elem, d.Len = t.shallow(u.Elem()).Type, u.Len()
	case *types.Map:
		d.Elem = t.shallow(u.Elem()).Type
	case *types.Chan:
		d.Elem = t.shallow(u.Elem()).Type
	case *types.Signature:
		d.Serves = servesHTTP(u)
		d.Text = t.texts.signature(u)
	case *types.Interface:
		d.Methods = t.texts.methods(u)
	}
	return d
}

// fill adds the fields of a struct and of those that it contains; and, if through is set, of what a pointer, slice, map or
// channel leads to, and the results of a function.
func (t *table) fill(d *described, through bool) {
	if d.full {
		return
	}
	switch u := d.of.Underlying().(type) {
	case *types.Struct:
		d.full = true
		d.Fields = make([]effects.FieldType, u.NumFields())
		for i := range d.Fields {
			f := u.Field(i)
			ft := t.shallow(f.Type())
			t.fill(ft, false)
			d.Fields[i] = effects.FieldType{Name: f.Name(), Embedded: f.Embedded(), Type: ft.Type}
		}
	case *types.Array:
		d.full = true
		t.fill(t.shallow(u.Elem()), false)
	case *types.Pointer:
		t.reach(d, u.Elem(), through)
	case *types.Slice:
		t.reach(d, u.Elem(), through)
	case *types.Map:
		t.reach(d, u.Elem(), through)
	case *types.Chan:
		t.reach(d, u.Elem(), through)
	case *types.Signature:
		if through {
			d.full = true
			d.Results = t.tuple(u.Results())
		}
	case *types.Tuple:
		d.full = true
		d.Results = t.tuple(u)
	}
}

func (t *table) reach(d *described, elem types.Type, through bool) {
	if through {
		d.full = true
		t.fill(t.shallow(elem), true)
	}
}

func (t *table) tuple(u *types.Tuple) []*effects.Type {
	ts := make([]*effects.Type, u.Len())
	for i := range ts {
		ts[i] = t.shallow(u.At(i).Type()).Type
	}
	return ts
}

// number gives a type, and what it is made of, the next numbers in a package.
func (t *table) number(u *effects.Unit, typ *effects.Type) {
	if typ == nil || t.numbered[typ] {
		return
	}
	t.numbered[typ] = true
	typ.ID = len(u.Types)
	u.Types = append(u.Types, typ)
	t.number(u, typ.Elem)
	for i := range typ.Fields {
		t.number(u, typ.Fields[i].Type)
	}
	for _, r := range typ.Results {
		t.number(u, r)
	}
}

func kindOf(typ types.Type) effects.Kind {
	if _, ok := types.Unalias(typ).(*types.TypeParam); ok {
		return effects.TypeParam
	}
	switch u := typ.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Kind() == types.UnsafePointer:
			return effects.Unsafe
		case u.Info()&types.IsBoolean != 0:
			return effects.Bool
		case u.Info()&types.IsString != 0:
			return effects.String
		}
	case *types.Pointer:
		return effects.Pointer
	case *types.Struct:
		return effects.Struct
	case *types.Array:
		return effects.Array
	case *types.Slice:
		return effects.SliceOf
	case *types.Map:
		return effects.Map
	case *types.Chan:
		return effects.Chan
	case *types.Signature:
		return effects.Signature
	case *types.Interface:
		return effects.Interface
	case *types.Tuple:
		return effects.Tuple
	}
	return effects.Other
}

// servesHTTP reports whether a function has the parameters of a handler of HTTP requests: a server runs it
// for any number of requests at once.
func servesHTTP(sig *types.Signature) bool {
	is := func(i int, name string) bool {
		n := named(sig.Params().At(i).Type())
		return n != nil && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net/http"
	}
	return sig.Params().Len() == 2 && sig.Results().Len() == 0 && is(0, "ResponseWriter") && is(1, "Request")
}

// named returns the named type that t is or points to, nil if there is none.
func named(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// syncOf returns what a type is made for.
func syncOf(t types.Type) effects.Sync {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return effects.NoSync
	}
	switch model.KindOf(n) {
	case model.MutexType:
		return effects.Mutex
	case model.RWMutexType:
		return effects.RWMutex
	case model.LockerType:
		return effects.Locker
	case model.CondType:
		return effects.Cond
	case model.GroupType:
		return effects.WaitGroup
	case model.OnceType:
		return effects.OnceType
	case model.AtomicType:
		return effects.AtomicOf
	case model.ContextType:
		return effects.Context
	case model.SafeType:
		return effects.Safe
	}
	if ident.IsLockWrapper(n) {
		return effects.LockType
	}
	return effects.NoSync
}
