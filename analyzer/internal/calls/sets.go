package calls

import (
	"slices"
)

// A set is the number of a set of objects: 0 is the empty one.
type set int32

// sets has each set once.
type sets struct {
	all      [][]int32 // sorted
	byHash   map[uint64][]set
	unions   map[[2]set]set
	filtered map[narrowed]set
	marked   []bool // by object, for union
	buf      []int32
}

// narrowed is a set of which only what passes a filter is asked for.
type narrowed struct {
	in set
	by filter
}

func newSets(objects int) *sets {
	return &sets{all: [][]int32{nil}, byHash: map[uint64][]set{}, unions: map[[2]set]set{}, filtered: map[narrowed]set{}, marked: make([]bool, objects)}
}

// of returns the number of a set. The list is sorted, and not kept.
func (s *sets) of(list []int32) set {
	if len(list) == 0 {
		return 0
	}
	h := uint64(len(list))
	for _, o := range list {
		h = (h ^ uint64(o)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	for _, n := range s.byHash[h] {
		if slices.Equal(s.all[n], list) {
			return n
		}
	}
	n := set(len(s.all))
	s.all = append(s.all, slices.Clone(list))
	s.byHash[h] = append(s.byHash[h], n)
	return n
}

// union returns the union of sets. The list is changed.
func (s *sets) union(parts []set) set {
	slices.Sort(parts)
	parts = slices.Compact(parts)
	if len(parts) > 0 && parts[0] == 0 {
		parts = parts[1:]
	}
	switch len(parts) {
	case 0:
		return 0
	case 1:
		return parts[0]
	case 2:
		k := [2]set{parts[0], parts[1]}
		n, ok := s.unions[k]
		if !ok {
			n = s.merge(parts)
			s.unions[k] = n
		}
		return n
	}
	return s.merge(parts)
}

func (s *sets) merge(parts []set) set {
	buf := s.buf[:0]
	for _, p := range parts {
		for _, o := range s.all[p] {
			if !s.marked[o] {
				s.marked[o] = true
				buf = append(buf, o)
			}
		}
	}
	for _, o := range buf {
		s.marked[o] = false
	}
	slices.Sort(buf)
	s.buf = buf
	return s.of(buf)
}

// filter returns what of a set passes a filter.
func (s *sets) filter(in set, by filter, pass func(int32) bool) set {
	if in == 0 {
		return 0
	}
	k := narrowed{in, by}
	n, ok := s.filtered[k]
	if !ok {
		buf := s.buf[:0]
		for _, o := range s.all[in] {
			if pass(o) {
				buf = append(buf, o)
			}
		}
		s.buf = buf
		n = s.of(buf)
		s.filtered[k] = n
	}
	return n
}
