package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"sync"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// The binary form of a unit. All that is written or read is written or read by the same functions, so that the two cannot differ.
//
//	magic, version, checksum of what follows
//	strings  each once, in the order in which they are met
//	head     path, name, files, types, functions of other units, heads of functions with the lengths of their bodies
//	bodies   one after the other; each can be read without the others
//
// Numbers are varints. A function is named by its place in the unit, one of another unit by its place in the list of those.
// What another unit's function is to an instruction that has its package and key is not written: [Link] finds it again, so that
// a unit has the same bytes linked or not.

// magic begins an encoded unit, with the version of the form behind it. The version is part of what is compared: there is no way to read another.
const (
	magic   = "lockcheck effects "
	version = 1
)

var errDamaged = errors.New("effects: damaged encoding")

// A codec writes or reads.
type codec struct {
	reading bool
	buf     []byte // written so far, or still to be read
	err     error
	t       *tables
	f       *effects.Func
	last    effects.Pos // positions are told by their distance from the one before
}

// tables are what the parts of a unit refer to by number.
type tables struct {
	unit    *effects.Unit
	strings []string
	outside []*effects.Func // functions of other units

	// For writing.
	stringOf map[string]int
	typeOf   map[*effects.Type]int
	types    []*effects.Type
	funcOf   map[*effects.Func]int
	other    map[external]int
}

// external tells which function of another unit is meant.
type external struct{ path, unit, name, key string }

func (c *codec) fail() {
	if c.err == nil {
		c.err = errDamaged
	}
	c.buf = nil
}

func (c *codec) check(ok bool) {
	if !ok {
		c.fail()
	}
}

// uint codes a number.
func (c *codec) uint(n *uint64) {
	if !c.reading {
		c.buf = binary.AppendUvarint(c.buf, *n)
		return
	}
	v, size := binary.Uvarint(c.buf)
	if size <= 0 || size > 1 && c.buf[size-1] == 0 { // one number has one form
		*n = 0
		c.fail()
		return
	}
	*n, c.buf = v, c.buf[size:]
}

// number codes a number that is not negative and fits into an int32.
func number32[T ~int | ~int32 | ~uint8 | ~uint16 | ~int64](c *codec, n *T) {
	v := uint64(*n)
	c.uint(&v)
	*n = T(v)
	if v > 1<<31-1 || uint64(*n) != v {
		*n = 0
		c.fail()
	}
}

// signed codes a number near zero.
func (c *codec) signed(n *int64) {
	v := uint64(*n)<<1 ^ uint64(*n>>63)
	c.uint(&v)
	*n = int64(v>>1) ^ -int64(v&1)
}

// size codes the length of a list, each element of which takes at least a byte.
func (c *codec) size(n int) int {
	number32(c, &n)
	if c.reading && n > len(c.buf) {
		c.fail()
		return 0
	}
	return n
}

// list codes a list. An empty one is nil when it is read.
func list[T any](c *codec, s *[]T, each func(*T)) {
	n := c.size(len(*s))
	if c.reading {
		*s = nil
		if n > 0 {
			*s = make([]T, n)
		}
	}
	for i := range *s {
		each(&(*s)[i])
	}
}

// bits codes booleans as one number.
func (c *codec) bits(bs ...*bool) {
	var n uint64
	for i, b := range bs {
		if *b {
			n |= 1 << i
		}
	}
	c.uint(&n)
	for i, b := range bs {
		*b = n>>i&1 != 0
	}
	c.check(n < 1<<len(bs))
}

func (c *codec) string(s *string) {
	i := 0
	if !c.reading {
		i = c.t.stringNumber(*s)
	}
	number32(c, &i)
	if c.reading {
		if i >= len(c.t.strings) {
			c.fail()
			return
		}
		*s = c.t.strings[i]
	}
}

func (t *tables) stringNumber(s string) int {
	i, ok := t.stringOf[s]
	if !ok {
		i = len(t.strings)
		t.stringOf[s] = i
		t.strings = append(t.strings, s)
	}
	return i
}

// typ codes a type by its number, 0 for none.
func (c *codec) typ(t **effects.Type) {
	i := 0
	if !c.reading && *t != nil {
		i = c.t.typeNumber(*t) + 1
	}
	number32(c, &i)
	if c.reading {
		*t = nil
		if i > len(c.t.types) {
			c.fail()
		} else if i > 0 {
			*t = c.t.types[i-1]
		}
	}
}

func (t *tables) typeNumber(typ *effects.Type) int {
	i, ok := t.typeOf[typ]
	if !ok {
		i = len(t.types)
		t.typeOf[typ] = i
		t.types = append(t.types, typ)
	}
	return i
}

// fn codes a function: 0 for none, else twice its place in the unit, or in the list of others, and one or two.
func (c *codec) fn(f **effects.Func) {
	i := 0
	if !c.reading && *f != nil {
		i = c.t.funcNumber(*f)
	}
	number32(c, &i)
	if !c.reading {
		return
	}
	*f = nil
	funcs := c.t.unit.Funcs
	if i > 0 && i%2 == 0 {
		funcs = c.t.outside
	}
	if k := (i - 1) / 2; k >= len(funcs) {
		c.fail()
	} else if i > 0 {
		*f = funcs[k]
	}
}

func (t *tables) funcNumber(f *effects.Func) int {
	if i, ok := t.funcOf[f]; ok {
		return 2*i + 1
	}
	e := external{name: f.Name, key: f.Key}
	if f.Unit != nil {
		e.path, e.unit = f.Unit.Path, f.Unit.Name
	}
	if !isOutside(f) {
		if e.key = ""; !f.Wrapper && !f.Made && f.Parent == nil {
			e.key = f.CalleeKey()
		}
	}
	i, ok := t.other[e]
	if !ok {
		i = len(t.outside)
		t.other[e] = i
		t.outside = append(t.outside, effects.Outside(&effects.Unit{Path: e.path, Name: e.unit}, e.name, e.key))
	}
	return 2*i + 2
}

// isOutside reports whether f only stands for a function of another unit.
func isOutside(f *effects.Func) bool { return len(f.Blocks) == 0 && len(f.Code) <= 1 }

// pos codes a position: 0 for none, else one more than its distance from the last one in lines, and whether the file is another.
func (c *codec) pos(p *effects.Pos) {
	var n uint64
	if !c.reading && p.IsValid() {
		d := int64(p.Line) - int64(c.last.Line)
		n = (uint64(d)<<1^uint64(d>>63))<<1 + 1
		if p.File != c.last.File {
			n++
		}
	}
	c.uint(&n)
	if n == 0 {
		if c.reading {
			*p = effects.Pos{}
		}
		return
	}
	if c.reading {
		z := (n - 1) >> 1
		line := int64(c.last.Line) + (int64(z>>1) ^ -int64(z&1))
		*p = effects.Pos{File: c.last.File}
		if c.check(line > 0 && line < 1<<31); c.err == nil {
			p.Line = int32(line)
		}
	}
	if n%2 == 0 {
		number32(c, &p.File)
	}
	number32(c, &p.Col)
	if int(p.File) >= len(c.t.unit.Files) {
		c.fail()
		return
	}
	c.last = *p
}

// typeOf codes what a type is.
func (c *codec) typeOf(t *effects.Type) {
	number32(c, &t.Kind)
	number32(c, &t.Sync)
	c.check(t.Kind <= effects.TypeParam && t.Sync <= effects.Safe)
	named, elem := t.Name != "" || t.Pkg != "", t.Elem != nil
	c.bits(&named, &elem, &t.Serves, &t.Error)
	if named {
		c.string(&t.Name)
		c.string(&t.Pkg)
	}
	if elem {
		c.typ(&t.Elem)
	}
	if t.Kind == effects.Array {
		c.signed(&t.Len)
	}
	if t.Kind == effects.Struct {
		list(c, &t.Fields, func(f *effects.FieldType) {
			c.string(&f.Name)
			c.bits(&f.Embedded)
			c.typ(&f.Type)
		})
	}
	if t.Kind == effects.Signature || t.Kind == effects.Tuple {
		list(c, &t.Results, func(r **effects.Type) { c.typ(r) })
	}
	if t.Kind == effects.Signature || t.Kind == effects.TypeParam {
		c.string(&t.Text)
	}
	if t.Kind == effects.Interface || t.Kind == effects.TypeParam {
		list(c, &t.Methods, c.string)
	}
}

// outsider codes which function of another unit is meant.
func (c *codec) outsider(f **effects.Func) {
	if c.reading {
		*f = effects.Outside(&effects.Unit{}, "", "")
	}
	c.string(&(*f).Unit.Path)
	c.string(&(*f).Unit.Name)
	c.string(&(*f).Name)
	c.string(&(*f).Key)
}

// head codes what a function is without its body.
func (c *codec) head(f *effects.Func) {
	c.last = effects.Pos{}
	c.string(&f.Name)
	parent := f.Parent != nil
	c.bits(&f.Recv, &f.Wrapper, &f.Made, &f.Exported, &f.Test, &f.Generic, &f.Recovers, &parent)
	if parent {
		c.fn(&f.Parent)
		c.check(f.Parent != nil && f.Parent.Unit == f.Unit)
	}
	c.string(&f.Key)
	c.string(&f.Build)
	c.pos(&f.Pos)
	c.pos(&f.End)
	list(c, &f.Results, func(t **effects.Type) { c.typ(t) })
}

// Encode returns the binary form of a unit. Equal units have equal bytes.
func Encode(u *effects.Unit) ([]byte, error) {
	t := &tables{unit: u, stringOf: map[string]int{}, typeOf: map[*effects.Type]int{}, funcOf: map[*effects.Func]int{}, other: map[external]int{}}
	for _, typ := range u.Types {
		t.typeNumber(typ)
	}
	for i, f := range u.Funcs {
		t.funcOf[f] = i
	}
	bodies := codec{t: t}
	sizes := make([]int, len(u.Funcs))
	for i, f := range u.Funcs {
		start := len(bodies.buf)
		if bodies.body(f); bodies.err != nil {
			return nil, fmt.Errorf("effects: %s cannot be encoded", f.Name)
		}
		sizes[i] = len(bodies.buf) - start
	}
	head := codec{t: t}
	head.unit(sizes)
	text := codec{}
	text.strings(&t.strings)
	if head.err != nil || text.err != nil {
		return nil, fmt.Errorf("effects: %s cannot be encoded", u.Path)
	}
	data := slices.Concat(text.buf, head.buf, bodies.buf)
	return append(seal(data), data...), nil
}

// seal returns what stands before the strings.
func seal(data []byte) []byte {
	return binary.LittleEndian.AppendUint32(append([]byte(magic), version), crc32.Checksum(data, castagnoli))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// strings codes the strings of a unit: their lengths, then all of them.
func (c *codec) strings(ss *[]string) {
	lengths := make([]int, len(*ss))
	for i, s := range *ss {
		lengths[i] = len(s)
	}
	list(c, &lengths, func(n *int) { number32(c, n) })
	if !c.reading {
		for _, s := range *ss {
			c.buf = append(c.buf, s...)
		}
		return
	}
	total := 0
	for _, n := range lengths {
		total += n
	}
	if total > len(c.buf) {
		c.fail()
		return
	}
	all := string(c.buf[:total])
	c.buf = c.buf[total:]
	*ss = make([]string, len(lengths))
	for i, n := range lengths {
		(*ss)[i], all = all[:n], all[n:]
	}
}

// unit codes the head of a unit, with the sizes of the bodies.
func (c *codec) unit(sizes []int) []int {
	u := c.t.unit
	c.string(&u.Path)
	c.string(&u.Name)
	list(c, &u.Files, c.string)
	c.types()
	list(c, &c.t.outside, c.outsider)
	list(c, &sizes, func(n *int) { number32(c, n) })
	if c.reading {
		u.Funcs = make([]*effects.Func, len(sizes))
		for i := range u.Funcs {
			u.Funcs[i] = &effects.Func{Unit: u, Recover: -1}
		}
	}
	for _, f := range u.Funcs {
		c.head(f)
	}
	list(c, &u.Args, func(a *effects.TypeArg) {
		c.string(&a.Param)
		c.string(&a.Arg)
	})
	list(c, &u.Boxed, c.boxed)
	return sizes
}

// types codes the types. What is met in them first is written behind them.
func (c *codec) types() {
	if !c.reading {
		for _, f := range c.t.unit.Funcs {
			c.t.reach(&effects.Type{Results: f.Results})
		}
		for _, b := range c.t.unit.Boxed {
			c.t.typeNumber(b.Type)
		}
		for i := 0; i < len(c.t.types); i++ {
			c.t.reach(c.t.types[i])
		}
	}
	n := c.size(len(c.t.types))
	if c.reading {
		c.t.types = make([]*effects.Type, n)
		for i := range c.t.types {
			c.t.types[i] = &effects.Type{ID: i}
		}
	}
	for _, t := range c.t.types {
		if c.typeOf(t); c.err != nil {
			return
		}
	}
	if c.reading {
		c.check(sound(c.t.types))
		c.t.unit.Types = c.t.types
	}
}

// reach numbers the types that a type is made of.
func (t *tables) reach(typ *effects.Type) {
	if typ.Elem != nil {
		t.typeNumber(typ.Elem)
	}
	for _, f := range typ.Fields {
		if f.Type != nil {
			t.typeNumber(f.Type)
		}
	}
	for _, r := range typ.Results {
		if r != nil {
			t.typeNumber(r)
		}
	}
}

// sound reports whether types without names are made of others, and not too deep.
func sound(types []*effects.Type) bool {
	const deepest = 2 * effects.MaxTypeDepth
	depths := make([]int, len(types)) // 0 is unknown
	over := false
	var depth func(t *effects.Type, level int) int
	depth = func(t *effects.Type, level int) int {
		if t == nil || over || t.Name != "" && level > 0 {
			return 0
		}
		if over = level > deepest; over {
			return 0
		}
		if d := depths[t.ID]; d > 0 {
			return d
		}
		d := depth(t.Elem, level+1)
		for _, f := range t.Fields {
			d = max(d, depth(f.Type, level+1))
		}
		for _, r := range t.Results {
			d = max(d, depth(r, level+1))
		}
		depths[t.ID] = d + 1
		return d + 1
	}
	for _, t := range types {
		if d := depth(t, 0); over || d > deepest {
			return false
		}
	}
	return true
}

// An Encoded is a unit of which bodies are read when they are asked for. It can be used by several goroutines.
type Encoded struct {
	Unit   *effects.Unit // functions that were not loaded have no Code
	t      *tables
	bodies [][]byte
	once   []sync.Once
	errs   []error
}

// Open reads a unit without the bodies of its functions.
func Open(data []byte) (*Encoded, error) {
	n := len(seal(nil))
	if len(data) < n {
		return nil, errDamaged
	}
	if head := seal(data[n:]); string(head[:n-4]) != string(data[:n-4]) {
		return nil, errors.New("effects: encoding of another version")
	} else if string(head) != string(data[:n]) {
		return nil, errDamaged
	}
	c := &codec{reading: true, buf: data[n:], t: &tables{unit: &effects.Unit{}}}
	c.strings(&c.t.strings)
	e := &Encoded{Unit: c.t.unit, t: c.t}
	sizes := c.unit(nil)
	if c.err != nil {
		return nil, c.err
	}
	for _, size := range sizes {
		if size > len(c.buf) {
			return nil, errDamaged
		}
		e.bodies = append(e.bodies, c.buf[:size:size])
		c.buf = c.buf[size:]
	}
	if len(c.buf) > 0 || !e.nest() {
		return nil, errDamaged
	}
	e.once, e.errs = make([]sync.Once, len(sizes)), make([]error, len(sizes))
	return e, nil
}

// nest puts literals into the functions around them. It reports whether none is inside itself.
func (e *Encoded) nest() bool {
	walk := map[*effects.Func]int{} // functions from which the outermost one was looked for -> in which walk
	for i, f := range e.Unit.Funcs {
		for o := f; o != nil; o = o.Parent {
			if w, ok := walk[o]; ok && w == i {
				return false
			} else if ok {
				break
			}
			walk[o] = i
		}
		if f.Parent != nil {
			f.Parent.Literals = append(f.Parent.Literals, f)
		}
	}
	return true
}

// Load reads the body of a function, by its place in the unit.
func (e *Encoded) Load(i int) error {
	e.once[i].Do(func() {
		c := &codec{reading: true, buf: e.bodies[i], t: e.t}
		c.body(e.Unit.Funcs[i])
		if c.err == nil && len(c.buf) > 0 {
			c.err = errDamaged
		}
		e.errs[i] = c.err
		if c.err != nil {
			f := e.Unit.Funcs[i]
			f.Code, f.First, f.Params, f.Free, f.Blocks, f.Callbacks, f.Targets, f.Recover = nil, 0, nil, nil, nil, nil, nil, -1
		}
		e.bodies[i] = nil
	})
	return e.errs[i]
}

// Decode reads a unit.
func Decode(data []byte) (*effects.Unit, error) {
	e, err := Open(data)
	if err != nil {
		return nil, err
	}
	for i := range e.Unit.Funcs {
		if err := e.Load(i); err != nil {
			return nil, err
		}
	}
	return e.Unit, nil
}

func (c *codec) boxed(b *effects.Boxed) {
	c.typ(&b.Type)
	c.check(b.Type != nil)
	c.string(&b.Text)
	c.string(&b.Build)
	list(c, &b.Methods, func(m *effects.BoxedMethod) {
		c.string(&m.Sig)
		c.string(&m.Pkg)
		c.string(&m.Key)
	})
}
