//lint:file-ignore SA2001 what the locks guard does not matter here

package lockcheck

import "testing"

// The figures that are promised come from testdata/scenario/bench, which compares in one run; these
// are for work on the fast path.

func BenchmarkLock1(b *testing.B) {
	b.ReportAllocs()
	var a Mutex
	for b.Loop() {
		a.Lock()
		a.Unlock()
	}
}

func BenchmarkLock3(b *testing.B) {
	b.ReportAllocs()
	var x struct{ a, b, c Mutex }
	for b.Loop() {
		x.a.Lock()
		x.b.Lock()
		x.c.Lock()
		x.c.Unlock()
		x.b.Unlock()
		x.a.Unlock()
	}
}

func BenchmarkAlternate(b *testing.B) {
	b.ReportAllocs()
	var x struct{ a, b Mutex }
	for b.Loop() {
		x.a.Lock()
		x.a.Unlock()
		x.b.Lock()
		x.b.Unlock()
	}
}

func BenchmarkRLock(b *testing.B) {
	b.ReportAllocs()
	var a RWMutex
	for b.Loop() {
		a.RLock()
		a.RUnlock()
	}
}

func BenchmarkContended(b *testing.B) {
	b.ReportAllocs()
	var a Mutex
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			a.Lock()
			a.Unlock()
		}
	})
}
