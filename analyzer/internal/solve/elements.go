package solve

import (
	"slices"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/resolve"
)

// What is put into a slice or map of an object may lead back to that object:
//
//	b.handlers = append(b.handlers, func() { b.flush() })     calling one of b.handlers flushes b
//	p.Add(&child{parent: p})                                  the parent of one of p.children is p
//
// It is enough that there is such an element: whoever calls all of them calls that one. A function that puts what it is given into
// what it is given is one of whose calls the same is asked.

// elements tells of what is put into the container in a field how it leads back to the object that has the field.
type elements struct {
	by map[element]*resolve.Kept
}

// An element is what is put into the container in a field: a function, or an object of a type.
type element struct {
	class string // of the field
	fn    *effects.Func
	name  string // of the type
}

// A landing is that a function puts one of its parameters into a container that another one has.
type landing struct {
	class       string
	item, owner int
}

// findElements finds what all functions put into containers.
func findElements(fns []*effects.Func) elements {
	es := elements{map[element]*resolve.Kept{}}
	lands := make([][]landing, len(fns))
	callers := map[*effects.Func][]int{}
	var work []int
	for i, fn := range fns {
		for v := fn.First; int(v) < len(fn.Code); v++ {
			switch in := fn.At(v); in.Op {
			case effects.MapUpdate:
				if field := containerOf(fn, in.Args[0]); field != nil {
					es.put(fn, field.Class, in.Args[2], field.Args[0], &lands[i])
				}
				es.appended(fn, containerOf(fn, in.Args[0]), in.Args[2], &lands[i])
			case effects.Store:
				if field := fn.At(in.Args[0]); field.Op == effects.Field {
					es.appended(fn, field, in.Args[1], &lands[i])
				}
			case effects.Call:
				if in.Fn != nil && in.Fn.ID >= 0 {
					callers[in.Fn] = append(callers[in.Fn], i)
				}
			}
		}
		if len(lands[i]) > 0 {
			work = append(work, i)
		}
	}
	for len(work) > 0 { // a function comes here again if it puts more than was known
		to := fns[work[0]]
		work = work[1:]
		for _, i := range slices.Compact(callers[to]) {
			if before := len(lands[i]); es.passed(fns[i], to, lands[to.ID], &lands[i]) && len(lands[i]) > before {
				work = append(work, i)
			}
		}
	}
	return es
}

// appended looks at what is appended to the slice in a field, or to one in a map in a field.
func (es *elements) appended(fn *effects.Func, field *effects.Instr, v effects.V, lands *[]landing) {
	if field == nil || field.Class == "" || exportedField(field.Sym) {
		return
	}
	app := fn.At(v)
	if app.Op != effects.Builtin || app.Sym != "append" || len(app.Args) != 2 {
		return
	}
	items := fn.At(app.Args[1])
	if items.Op != effects.Slice || fn.At(items.Args[0]).Flags&effects.Varargs == 0 {
		return
	}
	for _, u := range fn.Uses(items.Args[0]) {
		if fn.Op(u) != effects.Elem {
			continue
		}
		for _, s := range fn.Uses(u) {
			if st := fn.At(s); st.Op == effects.Store && st.Args[0] == u {
				es.put(fn, field.Class, st.Args[1], field.Args[0], lands)
			}
		}
	}
}

// maxLandings bounds what is known of one function.
const maxLandings = 8

// put looks at one thing that is put into the container in a field of an owner.
func (es *elements) put(fn *effects.Func, class string, v, owner effects.V, lands *[]landing) {
	v, owner = single(fn, v), single(fn, owner)
	in := fn.At(v)
	switch in.Op {
	case effects.Param:
		l := landing{class, slices.Index(fn.Params, v), slices.Index(fn.Params, owner)}
		if l.owner >= 0 && len(*lands) < maxLandings && !slices.Contains(*lands, l) {
			*lands = append(*lands, l)
		}
	case effects.Closure:
		if in.Fn == nil {
			return
		}
		if k := function(fn, in, owner); slices.Contains(k.Free, resolve.HasOwner) || slices.Contains(k.Free, resolve.HasVariable) {
			es.add(element{class: class, fn: in.Fn}, k)
		}
	case effects.Alloc:
		es.object(in.Type, class, parts(fn, v, owner))
	case effects.Call:
		es.object(in.Type, class, partsOfResult(fn, in, owner))
	}
}

// object notes which fields of an object lead back.
func (es *elements) object(t *effects.Type, class string, k *resolve.Kept) {
	if k == nil {
		return
	}
	k.Parts = slices.DeleteFunc(k.Parts, func(p resolve.KeptPart) bool { return p.Func != nil })
	if t = t.To(); len(k.Parts) > 0 && t != nil && t.Name != "" {
		es.add(element{class: class, name: t.Name}, k)
	}
}

func (es *elements) add(e element, k *resolve.Kept) {
	if es.by[e] == nil {
		es.by[e] = k
	}
}

// partsOfResult tells of the object that a call makes which of its fields lead back to an owner.
func partsOfResult(fn *effects.Func, call *effects.Instr, owner effects.V) *resolve.Kept {
	to := call.Fn
	if to == nil || call.Flags&effects.Dynamic != 0 || len(to.Results) != 1 {
		return nil
	}
	var obj effects.V
	for i := range to.Blocks {
		ret := to.At(to.Blocks[i].Last)
		if ret.Op != effects.Return || i == to.Recover {
			continue
		}
		v := single(to, ret.Args[0])
		if to.Op(v) != effects.Alloc || obj != 0 && obj != v {
			return nil
		}
		obj = v
	}
	if obj == 0 {
		return nil
	}
	k := &resolve.Kept{}
	for i, p := range to.Params {
		if i < len(call.Args) && single(fn, call.Args[i]) == owner {
			k.Parts = append(k.Parts, parts(to, obj, p).Parts...)
		}
	}
	return k
}

// passed looks at what a function gives one that puts it into a container, and reports whether it does.
func (es *elements) passed(fn, to *effects.Func, ls []landing, lands *[]landing) (does bool) {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		in := fn.At(v)
		if in.Op != effects.Call || in.Fn != to || in.How == effects.Started {
			continue
		}
		for _, l := range ls {
			if l.item < len(in.Args) && l.owner < len(in.Args) {
				es.put(fn, l.class, in.Args[l.item], in.Args[l.owner], lands)
				does = true
			}
		}
	}
	return does
}

// containerOf returns the field which a map was loaded from.
func containerOf(fn *effects.Func, v effects.V) *effects.Instr {
	if ld := fn.At(v); ld.Op == effects.Load {
		if field := fn.At(ld.Args[0]); field.Op == effects.Field && field.Class != "" && !exportedField(field.Sym) {
			return field
		}
	}
	return nil
}

// Element tells how what a call reaches by way of the container in a field leads back to the object that has the field: the
// function itself, or the object of which it is a method. Fields that are ever set after their object was built do not count.
func (fs *facts) Element(class string, fn *effects.Func) *resolve.Kept {
	if k := fs.elements.by[element{class: class, fn: fn}]; k != nil {
		return k
	}
	if !fn.Recv || len(fn.Params) == 0 {
		return nil
	}
	t := fn.At(fn.Params[0]).Type.To()
	if t == nil || t.Name == "" {
		return nil
	}
	k := fs.elements.by[element{class: class, name: t.Name}]
	if k == nil || slices.ContainsFunc(k.Parts, func(p resolve.KeptPart) bool { return fs.mutable[p.Class] }) {
		return nil
	}
	return k
}
