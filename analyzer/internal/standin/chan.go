package standin

import (
	"strings"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
)

// channels makes operations on locks of what is done with channels that are mutexes.
func channels(u *effects.Unit) {
	fns := u.Funcs
	c := collector{of: map[string]*channel{}}
	for _, fn := range fns {
		if !fn.Wrapper {
			c.collect(fn)
		}
	}
	var found []string
	for _, name := range c.order {
		if ch := c.of[name]; ch.made && !ch.other && len(ch.ops) > 0 {
			found = append(found, name)
		}
	}
	if len(found) == 0 {
		return
	}
	calls := callsOf(fns)
	m := marker{u: u}
	for _, name := range found {
		if ch := c.of[name]; ch.isMutex(calls) {
			for _, o := range ch.ops {
				o.convert(ch.filled)
			}
			if ch.typ != nil {
				m.mark(name, ch.typ)
			}
		}
	}
}

// A channel is all channels of one field, package variable or variable of a function.
type channel struct {
	made   bool // with capacity 1, as far as it is made
	filled bool // something is put in where it is made
	empty  bool // or nothing
	other  bool // something is done with it that nobody does with a mutex
	ops    []op
	typ    *effects.Type
}

// An op puts something in, or takes something out.
type op struct {
	fn  *effects.Func
	at  effects.V
	out bool
	arm int       // of a Select: which case; else -1
	is  effects.V // of a case: the comparison that tells that it was chosen
}

// A collector finds what is done with channels, by class.
type collector struct {
	of    map[string]*channel
	order []string
}

func (c *collector) channel(class string) *channel {
	ch := c.of[class]
	if ch == nil {
		ch = &channel{}
		c.of[class] = ch
		c.order = append(c.order, class)
	}
	return ch
}

// collect looks at all of a function that has to do with channels.
func (c *collector) collect(fn *effects.Func) {
	for v := effects.V(1); int(v) < len(fn.Code); v++ {
		in := fn.At(v)
		switch in.Op {
		case effects.Field, effects.Global, effects.Alloc, effects.Free:
			if in.Class != "" && isChan(in.Type) && hidden(in) && lockType(in.Type.Elem) == "" {
				c.place(fn, v, c.channel(in.Class))
			}
		case effects.Param:
			if n := lockType(in.Type); n != "" {
				if fn.Recv && v == fn.Params[0] {
					c.value(fn, v, c.channel(n), false)
				} else {
					c.channel(n).other = c.channel(n).other || used(fn, v)
				}
			}
		case effects.MakeChan:
			if n := lockType(in.Type); n != "" {
				c.stored(fn, v, c.channel(n))
			}
		case effects.FieldOf:
			if in.Class != "" && in.Type != nil && in.Type.Kind == effects.Chan && lockType(in.Type) == "" {
				c.channel(in.Class).other = true
			}
		}
	}
}

// lockType returns the name of a type of channels that has methods to lock and unlock, and no others; "" for other types.
func lockType(t *effects.Type) string {
	if t != nil && t.Kind == effects.Chan && t.Sync == effects.LockType {
		return t.Name
	}
	return ""
}

// used reports whether something is done with a channel but to hand it on.
func used(fn *effects.Func, v effects.V) bool {
	for _, u := range fn.Uses(v) {
		switch fn.Op(u) {
		case effects.Send, effects.Recv, effects.Select, effects.Close:
			return true
		}
	}
	return false
}

// isChan reports whether an address is that of a channel.
func isChan(t *effects.Type) bool {
	return t != nil && t.Kind == effects.Pointer && t.Elem != nil && t.Elem.Kind == effects.Chan
}

// hidden reports whether only the package can use a place.
func hidden(in *effects.Instr) bool {
	switch in.Op {
	case effects.Field:
		return !exported(in.Sym)
	case effects.Global:
		return !exported(in.Class[strings.LastIndexByte(in.Class, '.')+1:])
	}
	return true
}

func exported(name string) bool { return name != "" && 'A' <= name[0] && name[0] <= 'Z' || name == "?" }

// place looks at what is done with the address of a channel.
func (c *collector) place(fn *effects.Func, addr effects.V, ch *channel) {
	ch.typ = fn.At(addr).Type.Elem
	for _, u := range fn.Uses(addr) {
		in := fn.At(u)
		switch {
		case in.Op == effects.Load:
			c.value(fn, u, ch, false)
		case in.Op == effects.Store && in.Args[0] == addr:
			c.stored(fn, in.Args[1], ch)
		case in.Op == effects.Closure: // which captures the variable
		default:
			ch.other = true
		}
	}
}

// stored looks at what a channel is set to.
func (c *collector) stored(fn *effects.Func, v effects.V, ch *channel) {
	switch in := fn.At(v); {
	case in.Op == effects.Const && in.Sym == "nil":
	case in.Op == effects.MakeChan && fn.Op(in.Args[0]) == effects.Const && fn.At(in.Args[0]).Sym == "1":
		ch.made = true
		before := ch.filled
		ch.filled = false
		c.value(fn, v, ch, true)
		full := ch.filled || c.fills(fn, v)
		ch.filled = before || full
		ch.empty = ch.empty || !full
	default:
		ch.other = true
	}
}

// fills reports whether a function puts something into the channel of an object that it has just made: it is done with what was
// stored, not with what was made.
func (c *collector) fills(fn *effects.Func, made effects.V) bool { return len(c.first(fn, made)) > 0 }

// first returns the sends, in the function that makes a channel, to the place where it is stored.
func (c *collector) first(fn *effects.Func, made effects.V) (sends []effects.V) {
	for _, st := range fn.Uses(made) {
		in := fn.At(st)
		if in.Op != effects.Store || in.Args[1] != made {
			continue
		}
		for v := fn.First; int(v) < len(fn.Code); v++ {
			send := fn.At(v)
			if send.Op == effects.Send && fn.Op(send.Args[0]) == effects.Load && samePlace(fn, fn.At(send.Args[0]).Args[0], in.Args[0]) && fn.Before(st, v) {
				sends = append(sends, v)
			}
		}
	}
	return sends
}

// samePlace reports whether two addresses are the same field of one object.
func samePlace(fn *effects.Func, a, b effects.V) bool {
	if a == b {
		return true
	}
	x, y := fn.At(a), fn.At(b)
	return x.Op == effects.Field && y.Op == effects.Field && x.Class == y.Class && x.Args[0] == y.Args[0]
}

// value looks at what is done with a channel; fresh if it was made here.
func (c *collector) value(fn *effects.Func, v effects.V, ch *channel, fresh bool) {
	stored := false
	for _, u := range fn.Uses(v) {
		in := fn.At(u)
		switch {
		case in.Op == effects.Send && in.Args[0] == v && in.Args[1] != v:
			if fresh || c.isFirst(fn, u) {
				ch.filled = true
				continue
			}
			ch.ops = append(ch.ops, op{fn: fn, at: u, arm: -1})
		case in.Op == effects.Recv && len(fn.Uses(u)) == 0:
			ch.ops = append(ch.ops, op{fn: fn, at: u, out: true, arm: -1})
		case in.Op == effects.Select:
			if !c.cases(fn, u, v, ch) {
				ch.other = true
			}
		case in.Op == effects.Builtin && (in.Sym == "len" || in.Sym == "cap"):
		case in.Op == effects.Compare:
		case fresh && lockType(fn.At(v).Type) != "" && !used(fn, v): // a value of such a type can be handed around
		case in.Op == effects.Store && fresh && in.Args[1] == v && !stored:
			stored = true
		default:
			ch.other = true
		}
	}
}

// isFirst reports whether a send is the one that fills a channel just made.
func (c *collector) isFirst(fn *effects.Func, send effects.V) bool {
	for v := fn.First; int(v) < len(fn.Code); v++ {
		if fn.Op(v) == effects.MakeChan {
			for _, s := range c.first(fn, v) {
				if s == send {
					return true
				}
			}
		}
	}
	return false
}

// cases finds the cases of a select that are of a channel; ok is false if it is not seen where one was chosen.
func (c *collector) cases(fn *effects.Func, sel, v effects.V, ch *channel) (ok bool) {
	in := fn.At(sel)
	for i := 0; 2*i+1 < len(in.Args); i++ {
		if in.Args[2*i] != v {
			continue
		}
		o := op{fn: fn, at: sel, arm: i, out: in.Args[2*i+1] == 0}
		if o.is = chosen(fn, sel, i); o.is == 0 {
			return false
		}
		ch.ops = append(ch.ops, o)
	}
	return true
}

// chosen returns the comparison that tells that a case of a select was chosen, 0 if there is no such one, or more than one.
func chosen(fn *effects.Func, sel effects.V, arm int) (is effects.V) {
	for _, u := range fn.Uses(sel) {
		if fn.At(u).Op != effects.Extract {
			return 0
		}
		if fn.At(u).Index != 0 { // of what was received
			continue
		}
		for _, w := range fn.Uses(u) {
			cmp := fn.At(w)
			if cmp.Op != effects.Compare || cmp.Sym != "==" || fn.Op(cmp.Args[1]) != effects.Const {
				return 0
			}
			if fn.At(cmp.Args[1]).Sym == number(arm) {
				if is != 0 {
					return 0
				}
				is = w
			}
		}
	}
	return is
}

func number(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return ""
}
