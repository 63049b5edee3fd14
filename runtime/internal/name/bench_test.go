package name

import (
	"bytes"
	"go/build"
	"os"
	"path/filepath"
	"testing"
)

// sites returns a site for each line of a package of the standard library that locks
// something.
func sites(tb testing.TB, pkg string) (found []Site) {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(build.Default.GOROOT, "src", pkg, "*.go"))
	if err != nil || len(files) == 0 {
		tb.Skip("no source of the standard library")
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		if !matchName(filepath.Base(file)) || !matchSource(src) {
			continue
		}
		for i, line := range bytes.Split(src, []byte("\n")) {
			if bytes.Contains(line, []byte("Lock()")) && !bytes.Contains(line, []byte("//")) && !bytes.Contains(line, []byte("func ")) &&
				!bytes.Contains(line, []byte("Unlock()")) && !bytes.Contains(line, []byte("RUnlock()")) {
				found = append(found, Site{Func: pkg + ".f", File: file, Line: i + 1})
			}
		}
	}
	return found
}

func forget() {
	clear(memo.names)
	loaded, outlines = nil, nil
}

// BenchmarkResolve measures the first name in a package, the next in another function, and
// one that is known. The standard library's net/http has 60,000 lines.
func BenchmarkResolve(b *testing.B) {
	for _, pkg := range []string{"net/http", "database/sql", "context"} {
		all := sites(b, pkg)
		if len(all) == 0 {
			b.Skip("no sites")
		}
		b.Run("first/"+pkg, func(b *testing.B) {
			for b.Loop() {
				forget()
				Resolve(all[0])
			}
		})
		b.Run("all/"+pkg, func(b *testing.B) {
			for b.Loop() {
				forget()
				for _, s := range all {
					Resolve(s)
				}
			}
			b.ReportMetric(float64(len(all)), "sites")
		})
		b.Run("known/"+pkg, func(b *testing.B) {
			for b.Loop() {
				Resolve(all[0])
			}
		})
	}
}

// TestStandardLibrary wants a class for nearly every site of real packages.
func TestStandardLibrary(t *testing.T) {
	for _, pkg := range []string{"net/http", "database/sql", "context", "log", "io"} {
		unnamed := 0
		all := sites(t, pkg)
		for _, s := range all {
			n := Resolve(s)
			if n.Kind == Unknown || !n.Certain && n.Kind != Param {
				unnamed++
				t.Logf("%s:%d: %+v", filepath.Base(s.File), s.Line, n)
			}
		}
		if unnamed*20 > len(all) {
			t.Errorf("%s: %d of %d sites have no certain name", pkg, unnamed, len(all))
		}
	}
}
