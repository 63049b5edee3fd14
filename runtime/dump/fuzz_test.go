package dump

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse proves that no input makes Parse, Analyze or printing panic, and that what is
// printed can be read.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/*.txt", "testdata/*.golden"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	var j bytes.Buffer
	if err := parseFile(f, "testdata/once_race.txt").WriteJSON(&j); err != nil {
		f.Fatal(err)
	}
	f.Add(j.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(bytes.NewReader(data))
		if err != nil {
			return
		}
		d.Analyze()
		var text, json bytes.Buffer
		if err := d.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		if err := d.WriteJSON(&json); err != nil {
			t.Fatal(err)
		}
		if len(d.Goroutines) == 0 {
			return
		}
		for _, out := range []*bytes.Buffer{&text, &json} {
			again, err := Parse(bytes.NewReader(out.Bytes()))
			if err != nil {
				t.Fatalf("%v in\n%s", err, out)
			}
			again.Analyze()
		}
	})
}

// manyGoroutines is a dump of n goroutines, half of which wait for locks of each other.
func manyGoroutines(n int) string {
	var b strings.Builder
	for i := range n {
		next := (i + 1) % n
		fmt.Fprintf(&b, `goroutine %d [sync.Mutex.Lock, 2 minutes]:
internal/sync.runtime_SemacquireMutex(0x60?, 0x8?, 0xc000100000?)
	/src/go/src/runtime/sema.go:95 +0x25
internal/sync.(*Mutex).lockSlow(%#x)
	/src/go/src/internal/sync/mutex.go:149 +0x1f3
sync.(*Mutex).Lock(...)
	/src/go/src/sync/mutex.go:46
main.(*Account).Deposit(%#x, 0x%x)
	/src/bank/main.go:28 +0x3b
main.(*Account).Transfer(%#x, %#x)
	/src/bank/main.go:25 +0xb0
net/http.(*conn).serve(%#x, {0x7f1200, 0xc00001a060})
	/src/go/src/net/http/server.go:2092 +0x5d0
created by net/http.(*Server).Serve in goroutine 1
	/src/go/src/net/http/server.go:3360 +0x485

`, i+10, heap+8+64*uint64(next), heap+64*uint64(next), i, heap+64*uint64(i), heap+64*uint64(next), 2*heap+4096*uint64(i))
	}
	return b.String()
}

const heap uint64 = 0xc000000000 // where addresses begin

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		input := manyGoroutines(n)
		b.Run(fmt.Sprintf("goroutines=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(input)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(strings.NewReader(input)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAnalyze(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		input := manyGoroutines(n)
		b.Run(fmt.Sprintf("goroutines=%d", n), func(b *testing.B) {
			d := parseString(b, input)
			for b.Loop() {
				d.Analyze()
			}
			if len(d.Stuck) != 1 || len(d.Stuck[0].Circle) != n {
				b.Fatalf("%d groups are stuck", len(d.Stuck))
			}
		})
	}
}

func BenchmarkWriteText(b *testing.B) {
	d := parseString(b, manyGoroutines(10_000))
	d.Analyze()
	for b.Loop() {
		if err := d.WriteText(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
