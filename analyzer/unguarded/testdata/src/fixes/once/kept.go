package once

import "sync"

// In these, it is not certain that sync.OnceValue does the same. The lock is held longer instead, where it can be.

var Shown *Config
var shownMu sync.Mutex

// GetShown has a variable that others may set.
func GetShown() *Config {
	if Shown == nil { // want `read of Shown without holding shownMu, before it is read again`
		shownMu.Lock()
		defer shownMu.Unlock()
		if Shown == nil {
			Shown = new(Config)
		}
	}
	return Shown
}

var seen *Config
var seenMu sync.Mutex

// GetSeen has a variable that is looked at elsewhere.
func GetSeen() *Config { // want +1 `read of seen without holding seenMu, before it is read again`
	if seen == nil {
		seenMu.Lock()
		defer seenMu.Unlock()
		if seen == nil {
			seen = new(Config)
		}
	}
	return seen
}

func Forget() {
	seenMu.Lock()
	defer seenMu.Unlock()
	seen = nil
}

var tested *Config
var testedMu sync.Mutex

// GetTested has a variable that a test sets.
func GetTested() *Config { // want +1 `read of tested without holding testedMu, before it is read again`
	if tested == nil {
		testedMu.Lock()
		defer testedMu.Unlock()
		if tested == nil {
			tested = new(Config)
		}
	}
	return tested
}

var shared *Config
var sharedMu sync.Mutex
var count int

// GetShared has a lock that is for something else as well.
func GetShared() *Config { // want +1 `read of shared without holding sharedMu, before it is read again`
	if shared == nil {
		sharedMu.Lock()
		defer sharedMu.Unlock()
		if shared == nil {
			shared = new(Config)
		}
	}
	return shared
}

func Count() {
	sharedMu.Lock()
	defer sharedMu.Unlock()
	count++
}

var noted *Config
var notedMu sync.Mutex

// GetNoted has a comment that would be lost.
func GetNoted() *Config { // want +1 `read of noted without holding notedMu, before it is read again`
	if noted == nil {
		notedMu.Lock()
		defer notedMu.Unlock()
		if noted == nil { // somebody may have been faster
			noted = new(Config)
		}
	}
	return noted
}

var tried *Config
var triedMu sync.Mutex

func try(n int) *Config {
	if n > 0 {
		return nil
	}
	return new(Config)
}

// GetTried tries again until it gets something.
func GetTried() *Config { // want +1 `read of tried without holding triedMu, before it is read again`
	if tried == nil {
		triedMu.Lock()
		defer triedMu.Unlock()
		if tried == nil {
			tried = try(count)
		}
	}
	return tried
}

var named *Config
var namedMu sync.Mutex

// GetNamed depends on who is the first.
func GetNamed(name string) *Config { // want +1 `read of named without holding namedMu, before it is read again`
	if named == nil {
		namedMu.Lock()
		defer namedMu.Unlock()
		if named == nil {
			named = &Config{name: name}
		}
	}
	return named
}

var counted *Config
var countedMu sync.Mutex
var makes int

// GetCounted does something else as well.
func GetCounted() *Config { // want +1 `read of counted without holding countedMu, before it is read again`
	if counted == nil {
		countedMu.Lock()
		defer countedMu.Unlock()
		if counted == nil {
			counted = new(Config)
			makes++
		}
	}
	return counted
}

var chained *Config
var chainedMu sync.Mutex

func chain() *Config { return &Config{next: tail(0)} }

func tail(n int) *Config {
	if n > 0 {
		return GetChained()
	}
	return nil
}

// GetChained would be called to initialize the variable that it reads.
func GetChained() *Config { // want +1 `read of chained without holding chainedMu, before it is read again`
	if chained == nil {
		chainedMu.Lock()
		defer chainedMu.Unlock()
		if chained == nil {
			chained = chain()
		}
	}
	return chained
}

var first, second *Config
var firstMu sync.Mutex

// GetFirst has a variable that is declared with another.
func GetFirst() *Config { // want +1 `read of first without holding firstMu, before it is read again`
	if first == nil {
		firstMu.Lock()
		defer firstMu.Unlock()
		if first == nil {
			first = new(Config)
		}
	}
	return first
}

// guarded is set with guardedMu held.
var guarded *Config
var guardedMu sync.Mutex

// GetGuarded has a comment that would be wrong.
func GetGuarded() *Config { // want +1 `read of guarded without holding guardedMu, before it is read again`
	if guarded == nil {
		guardedMu.Lock()
		defer guardedMu.Unlock()
		if guarded == nil {
			guarded = new(Config)
		}
	}
	return guarded
}

var strict *Config
var strictMu sync.Mutex

func must(n int) *Config {
	if n < 0 {
		panic("negative")
	}
	return new(Config)
}

// GetStrict may have better luck another time.
func GetStrict() *Config { // want +1 `read of strict without holding strictMu, before it is read again`
	if strict == nil {
		strictMu.Lock()
		defer strictMu.Unlock()
		if strict == nil {
			strict = must(count)
		}
	}
	return strict
}

var typed *Error
var typedMu sync.Mutex

// GetTyped has a result of another type.
func GetTyped() error { // want +1 `read of typed without holding typedMu, before it is read again`
	if typed == nil {
		typedMu.Lock()
		defer typedMu.Unlock()
		if typed == nil {
			typed = new(Error)
		}
	}
	return typed
}

var again *Config
var againMu sync.Mutex

// GetAgain makes it anew, each time.
func GetAgain() *Config { // want +1 `read of again without holding againMu, before it is read again`
	if again == nil {
		againMu.Lock()
		defer againMu.Unlock()
		if again != nil {
			again = new(Config)
		}
		again = new(Config)
	}
	return again
}

var local *Config
var localMu sync.Mutex

// GetLocal has a type of its own in the value.
func GetLocal() *Config { // want +2 `read of local without holding localMu, before it is read again`
	const name = "local"
	if local == nil {
		localMu.Lock()
		defer localMu.Unlock()
		if local == nil {
			local = &Config{name: name}
		}
	}
	return local
}
