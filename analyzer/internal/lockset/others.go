package lockset

import "github.com/lockcheck/lockcheck/analyzer/internal/report"

// What the checks find that have their insides here still. To be moved into their packages.

func (v *View) find(f func(*Engine) []report.Finding) []report.Finding {
	if len(v.Engine.prog.Funcs) == 0 {
		return nil
	}
	return f(v.Engine)
}

// Unguarded finds what check unguarded reports.
func Unguarded(v *View) []report.Finding { return v.find(v.unguarded) }

// AtomicMix finds what check atomicmix reports.
func AtomicMix(v *View) []report.Finding { return v.find(v.atomicmix) }

// SharedVar finds what check sharedvar reports.
func SharedVar(v *View) []report.Finding { return v.find(v.sharedvar) }

// WaitMisuse finds what check waitmisuse reports.
func WaitMisuse(v *View) []report.Finding { return v.find(v.waits) }

// Doubles and Keeps find what the checks of locks report.
func Doubles(check string) func(v *View) []report.Finding {
	return func(v *View) []report.Finding {
		var out []report.Finding
		for _, f := range v.doubles(v.Engine) {
			if f.Check == check {
				out = append(out, f)
			}
		}
		return out
	}
}
func Keeps(v *View) []report.Finding { return v.keeps(v.Engine) }

func (v *View) ours(path string) bool { return v.Ours(path) }
