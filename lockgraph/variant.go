package lockgraph

import (
	"cmp"
	"slices"
	"strings"
)

// Which variants of an edge or of a writer are kept.
//
// One pair of classes is taken in one order at many places. Places differ in
// what else is held (gates), in who runs them (thread) and in how sure we are
// (confidence); the cycle search wants the least restricted ones, which form
// an antichain under three measures and can be many. The rule has three steps,
// chosen so that the order of insertion never matters:
//
//  1. Variants with the same key (gates and thread) are one slot. The slot
//     keeps the best of them: highest confidence, then shortest witness, then
//     first by position. "Best of" is a maximum in a total order.
//  2. Of the slots, the first maxStored by key order are stored. That order
//     looks at the key alone, so a slot once pushed out can never come back,
//     and one that belongs in the final set has been there since first seen.
//  3. On reading, slots dominated by another are left out (its gates within,
//     its thread empty or equal, its confidence no lower) and the first
//     maxVariants of the rest are given. This is a function of the stored set.
//
// Dropping dominated variants already on insertion would need less memory but
// is what makes the result depend on order: a variant pushed out by the cap
// would be missed when its betters are later dominated by one newcomer.
//
// What is lost: beyond maxStored different keys for one edge, the most
// restricted keys are forgotten whatever their confidence; beyond maxVariants
// undominated ones, the cycle search does not try the most restricted.
const (
	maxStored   = 16
	maxVariants = 4
)

// insert puts v into its place in s, which is sorted by key and holds each key
// once. better is negative if its first argument is to be preferred among
// equal keys.
func insert[T any](s []T, v T, key, better func(a, b *T) int) []T {
	i := len(s)
	for i > 0 {
		c := key(&s[i-1], &v)
		if c == 0 {
			if better(&v, &s[i-1]) < 0 {
				s[i-1] = v
			}
			return s
		}
		if c < 0 {
			break
		}
		i--
	}
	if i == maxStored {
		return s
	}
	if len(s) == maxStored {
		s = s[:maxStored-1]
	}
	return slices.Insert(s, i, v)
}

// frontier appends to dst the elements of s that pass keep and are dominated
// by no other, at most limit. As key order extends dominance, the dominating
// element always comes first.
func frontier[T any](dst, s []T, limit int, keep func(*T) bool, dominates func(a, b *T) bool) []T {
	base := len(dst)
next:
	for i := range s {
		if len(dst)-base == limit {
			break
		}
		if keep != nil && !keep(&s[i]) {
			continue
		}
		for j := base; j < len(dst); j++ {
			if dominates(&dst[j], &s[i]) {
				continue next
			}
		}
		dst = append(dst, s[i])
	}
	return dst
}

func edgeKey(a, b *Edge) int {
	if c := compareGates(a.Gates, b.Gates); c != 0 {
		return c
	}
	return strings.Compare(a.Thread, b.Thread) // "", any thread, is first
}

func edgeBetter(a, b *Edge) int {
	if c := cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.steps(), b.steps())); c != 0 {
		return c
	}
	if c := slices.CompareFunc(a.Held, b.Held, compareFrame); c != 0 {
		return c
	}
	if c := slices.CompareFunc(a.Acquire, b.Acquire, compareFrame); c != 0 {
		return c
	}
	return strings.Compare(a.Origin, b.Origin)
}

func edgeDominates(a, b *Edge) bool {
	return a.Confidence >= b.Confidence &&
		(a.Thread == "" || a.Thread == b.Thread) &&
		gatesWithin(a.Gates, b.Gates)
}

func writerKey(a, b *Acquisition) int {
	if c := compareGates(a.Held, b.Held); c != 0 {
		return c
	}
	return strings.Compare(a.Thread, b.Thread) // "", any thread, is first
}

func writerBetter(a, b *Acquisition) int {
	if c := cmp.Compare(len(a.At), len(b.At)); c != 0 {
		return c
	}
	if c := slices.CompareFunc(a.At, b.At, compareFrame); c != 0 {
		return c
	}
	return strings.Compare(a.Origin, b.Origin)
}

func writerDominates(a, b *Acquisition) bool {
	return (a.Thread == "" || a.Thread == b.Thread) && gatesWithin(a.Held, b.Held)
}
