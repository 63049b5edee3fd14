package model

import (
	"slices"
	"strings"
	"unicode"
)

// A Says is what the name of a function says by convention. A name is like a comment: it tells what its author means, and
// proves nothing. So what names say takes something out of what is shown, or lowers it, and never is the reason for a
// finding by itself.
type Says uint8

const (
	CallersHold Says = 1 << iota // callers hold a lock, or see to it in another way that nobody else runs
	MustHold                     // callers hold a lock: a call without is a finding, if calls in view hold it
	Acquires                     // it takes a lock of a kind that is not known here: on a file, in a database, for a key
)

// conventions are all names that mean something to lockcheck, by whole words, and what they do:
//
//	CallersHold  an exported function is not taken to be called without the lock (guards.entryKind)
//	MustHold     what it requires is asked of other packages (guards.contract)
//	Acquires     two accesses that both come after such a call may be kept apart by it (sharedvar.takes)
var conventions = []struct {
	says  Says
	words string
	at    where
}{
	{CallersHold | MustHold, "locked", last},
	{CallersHold | MustHold, "lock held", last},
	{CallersHold | MustHold, "holding lock", last},
	{CallersHold | MustHold, "under lock", last},
	{CallersHold, "in lock", last},
	{CallersHold, "with lock", last},
	{CallersHold, "lh", last},
	{CallersHold, "unlocked", last},
	{CallersHold, "no lock", last},
	{CallersHold, "nolock", last},
	{CallersHold, "non locking", last},
	{CallersHold, "without lock", last},
	{CallersHold, "unsafe", last},
	{Acquires, "lock", anywhere},
	{Acquires, "flock", anywhere},
	{Acquires, "acquire", anywhere},
}

// where tells which words of a name count.
type where uint8

const (
	anywhere where = iota
	last
)

// predicates are the words before "locked" of a function that tells whether something is locked.
var predicates = map[string]bool{"is": true, "was": true, "are": true, "has": true, "not": true}

// NameSays returns what the name of a function says.
func NameSays(name string) Says {
	words := Words(name)
	var says Says
	for _, c := range conventions {
		want := strings.Fields(c.words)
		at := index(words, want, c.at)
		if at < 0 || c.at == last && (at == 0 || at == 1 && predicates[words[0]]) {
			continue // Locked and IsLocked tell something else
		}
		says |= c.says
	}
	return says
}

// index returns where the words want are in words; -1 if they are not there.
func index(words, want []string, at where) int {
	for i := 0; i+len(want) <= len(words); i++ {
		if (at != last || i+len(want) == len(words)) && slices.Equal(words[i:i+len(want)], want) {
			return i
		}
	}
	return -1
}

// Words returns the words of a name, in lower case: those of "readHTTPBody_locked" are read, http, body and locked.
func Words(name string) []string {
	var out []string
	rs := []rune(name)
	start := 0
	cut := func(end int) {
		if end > start {
			out = append(out, strings.ToLower(string(rs[start:end])))
		}
		start = end
	}
	for i, r := range rs {
		switch {
		case r == '_' || unicode.IsDigit(r):
			cut(i)
			start = i + 1
		case unicode.IsUpper(r) && i > start && (!unicode.IsUpper(rs[i-1]) || i+1 < len(rs) && unicode.IsLower(rs[i+1])):
			cut(i)
		}
	}
	cut(len(rs))
	return out
}
