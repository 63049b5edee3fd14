package dump

import (
	"cmp"
	"slices"
)

// bases returns the addresses at which the object around the lock may begin: where the goroutines that wait say
// that it does, and the pointer that lies next below the lock.
func (q *queue) bases(uses []use, fields map[field]offsets) map[uint64]bool {
	bases := map[uint64]bool{}
	for _, g := range q.waiters {
		if p := g.Waits.Lock.AroundAddr; p != 0 {
			bases[p] = true
		}
	}
	if p := below(uses, q.lock.Addr); p != 0 && q.begins(p, uses, fields) {
		bases[p] = true
	}
	return bases
}

// begins reports whether the object around the lock may begin where a pointer points to: a small distance
// below, or larger if methods of the right type have it as their receiver. If locks of that kind are seen at one offset in
// objects of the type, it must be that.
func (q *queue) begins(p uint64, uses []use, fields map[field]offsets) bool {
	distance := q.lock.Addr - p
	fits := distance < close
	for i := firstUse(uses, p); i < len(uses) && uses[i].p == p; i++ {
		typ, _, ok := uses[i].g.Frames[uses[i].frame].method()
		if !ok || uses[i].arg != 0 {
			continue
		}
		fits = fits || q.types[typ] && distance < near
		if o := fields[field{typ, q.lock.Kind}]; len(o) == 1 && !o[distance] {
			return false
		}
	}
	return fits
}

// firstUse returns the index of the first use of a pointer, or of the next larger one.
func firstUse(uses []use, p uint64) int {
	i, _ := slices.BinarySearchFunc(uses, p, func(u use, p uint64) int { return cmp.Compare(u.p, p) })
	return i
}

// below returns the largest pointer that is not above an address.
func below(uses []use, addr uint64) uint64 {
	i := firstUse(uses, addr+1)
	if i == 0 || addr == 0 {
		return 0
	}
	return uses[i-1].p
}

// place tells of a goroutine whose receiver is not known, but which waits for a part of the object it
// is in a method of, such as a WaitGroup, whether that lies in the object around this lock. It is
// not known if no address is, or if the two are not close enough to be sure of it.
func (q *queue) place(c candidate, uses []use) (in, known bool) {
	w := c.g.Waits
	if w == nil || w.Lock.Addr == 0 || w.At.receiverType() != c.at.receiverType() || w.Lock.Kind == q.lock.Kind {
		return false, false // what is of the same kind may be the same part of another object
	}
	lock, part := q.lock.Addr, w.Lock.Addr
	if lock == 0 {
		lock = q.lock.AroundAddr
	}
	if lock == 0 {
		return false, false
	}
	from, to := min(lock, part), max(lock, part)
	switch {
	case to-from >= near, below(uses, to) > from && below(uses, to) != part && below(uses, to) != lock:
		return false, true // another object begins in between
	case to-from >= close:
		return false, false
	}
	return true, true
}

// close is how far apart two parts of one object are taken to be, without another sign of it.
const close = 256

// A field is one of a type that is a lock of some kind. There may be several.
type field struct{ typ, kind string }

type offsets map[uint64]bool

// lockFields returns the offsets at which locks are seen whose objects are known.
func (a *analysis) lockFields() map[field]offsets {
	fields := map[field]offsets{}
	for _, g := range a.d.Goroutines {
		w := g.Waits
		if w == nil || w.Lock.Addr == 0 || w.Lock.AroundAddr == 0 {
			continue
		}
		f := field{w.Lock.Around, w.Lock.Kind}
		if fields[f] == nil {
			fields[f] = offsets{}
		}
		fields[f][w.Lock.Addr-w.Lock.AroundAddr] = true
	}
	return fields
}
