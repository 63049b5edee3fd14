package lockset

import "github.com/lockcheck/lockcheck/analyzer/internal/report"

// What the checks find that have their insides here still. To be moved into their packages.

func (v *View) find(f func(*Engine) []report.Finding) []report.Finding {
	if len(v.Engine.Funcs) == 0 {
		return nil
	}
	return f(v.Engine)
}

// Unguarded finds what check unguarded reports.
func Unguarded(v *View) []report.Finding { return v.find(v.unguarded) }

// AtomicMix finds what check atomicmix reports.
func AtomicMix(v *View) []report.Finding { return v.find(v.atomicmix) }
