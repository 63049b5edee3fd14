package model

import (
	"slices"
	"testing"
)

func TestWords(t *testing.T) {
	for name, want := range map[string][]string{
		"":                    nil,
		"read":                {"read"},
		"readHTTPBody_locked": {"read", "http", "body", "locked"},
		"HTTPServer":          {"http", "server"},
		"FLock2":              {"f", "lock"},
		"closeLH":             {"close", "lh"},
		"_x":                  {"x"},
		"ÖffneTür":            {"öffne", "tür"},
	} {
		if got := Words(name); !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestNameSays(t *testing.T) {
	for name, want := range map[string]Says{
		"flushLocked":       CallersHold | MustHold,
		"flush_locked":      CallersHold | MustHold,
		"FlushLockHeld":     CallersHold | MustHold | Acquires,
		"setAllLocked":      CallersHold | MustHold,
		"SumUnsafe":         CallersHold,
		"closeLH":           CallersHold,
		"RunWithoutLock":    CallersHold | Acquires,
		"AcquireLease":      Acquires,
		"TryLock":           Acquires,
		"LockFile":          Acquires,
		"Locked":            0,
		"IsLocked":          0,
		"WasLocked":         0,
		"setLocked":         CallersHold | MustHold,
		"Unlocked":          0,
		"Blocked":           0,
		"Unblock":           0,
		"clock":             0,
		"unlock":            0,
		"FlushBlocked":      0,
		"Interlocked":       0,
		"beginning":         0,
		"block":             0,
		"Close":             0,
		"NewServer":         0,
		"SetUpAll":          0,
		"init":              0,
		"Withdraw":          0,
		"Closest":           0,
		"Newest":            0,
		"Stopwatch":         0,
		"Freeze":            0,
		"Openness":          0,
		"String":            0,
		"isClosed":          0,
		"Reset":             0,
		"Resettle":          0,
		"Release":           0,
		"reacquired":        0,
		"Unsafe":            0,
		"unsafePointerSize": 0,
	} {
		if got := NameSays(name); got != want {
			t.Errorf("%s: %b, not %b", name, got, want)
		}
	}
}
