package codec

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/text"
)

func textOf(t testing.TB, u *effects.Unit) string {
	t.Helper()
	var b strings.Builder
	if err := text.Print(&b, u); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parsed1(t testing.TB, src string) *effects.Unit {
	t.Helper()
	u, err := text.Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// corpus returns the texts that package text is tested by.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../text/testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no texts", err)
	}
	texts := map[string]string{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(name)] = string(data)
	}
	return texts
}

func encoded(t testing.TB, u *effects.Unit) []byte {
	t.Helper()
	data, err := Encode(u)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCodec(t *testing.T) {
	for name, src := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			data := encoded(t, parsed1(t, src))
			u, err := Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if got := textOf(t, u); got != src {
				t.Errorf("read:\n%s", got)
			}
			if !bytes.Equal(encoded(t, u), data) {
				t.Error("what was read is written otherwise")
			}
			if !bytes.Equal(encoded(t, parsed1(t, src)), data) {
				t.Error("equal units have different bytes")
			}
		})
	}
}

// TestDamaged reads what is cut off or changed.
func TestDamaged(t *testing.T) {
	for name, src := range corpus(t) {
		data := encoded(t, parsed1(t, src))
		for n := range data {
			if _, err := Decode(data[:n]); err == nil {
				t.Errorf("%s: the first %d bytes of %d are read", name, n, len(data))
			}
		}
		for i := range data {
			bad := slices.Clone(data)
			bad[i] ^= 1 << (i % 8)
			if _, err := Decode(bad); err == nil {
				t.Errorf("%s: byte %d is changed, and it is read", name, i)
			}
		}
		if _, err := Decode(append(slices.Clone(data), 0)); err == nil {
			t.Errorf("%s: more than the unit is read", name)
		}
	}
	other := encoded(t, parsed1(t, "func m.f() {\n}\n"))
	other[len(magic)]++
	if _, err := Decode(other); err == nil || err.Error() != "effects: encoding of another version" {
		t.Errorf("another version: %v", err)
	}
}

// resealed makes the checksum right, so that what is wrong must be found by the codec.
func resealed(data []byte) []byte { return append(seal(data), data...) }

// TestDamagedInside changes what the checksum protects: it is read or refused, and what is read can be written.
func TestDamagedInside(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	refused := 0
	for _, src := range corpus(t) {
		data := encoded(t, parsed1(t, src))[len(seal(nil)):]
		for range 3000 {
			bad := slices.Clone(data)
			for range 1 + r.IntN(3) {
				bad[r.IntN(len(bad))] = byte(r.IntN(256))
			}
			if !rewrites(t, resealed(bad)) {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Error("nothing is refused")
	}
}

// rewrites checks that what can be read can be written, and read again as the same.
func rewrites(t *testing.T, data []byte) bool {
	t.Helper()
	u, err := Decode(data)
	if err != nil {
		return false
	}
	for _, f := range u.Funcs {
		f.Graph()
		if len(f.Code) > 1 {
			f.Uses(1)
		}
	}
	once := encoded(t, u)
	v, err := Decode(once)
	if err != nil {
		t.Fatalf("what was written is refused: %v", err)
	}
	if !bytes.Equal(encoded(t, v), once) {
		t.Fatal("what was read is written otherwise")
	}
	return true
}

// TestLoad reads the body of one function only.
func TestLoad(t *testing.T) {
	src := corpus(t)["queue.txt"]
	e, err := Open(encoded(t, parsed1(t, src)))
	if err != nil {
		t.Fatal(err)
	}
	last := len(e.Unit.Funcs) - 1
	if err := e.Load(last); err != nil {
		t.Fatal(err)
	}
	if err := e.Load(last); err != nil {
		t.Fatal(err)
	}
	if f := e.Unit.Funcs[0]; f.Code != nil || f.Name == "" {
		t.Errorf("%s has %d instructions", f.Name, len(f.Code))
	}
	if got, want := text.String(e.Unit.Funcs[last]), text.String(parsed1(t, src).Funcs[last]); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestLink(t *testing.T) {
	a := parsed1(t, `
unit a
func a.f(x) {
	call b.G(x)
	call b.unknown(x)
	acquire x by((*b.T).Lock)
	call x() -> (*b.T).Lock a.g c.H
	known sort.Sort(x) calls(x .Less (*b.T).Less on x)
	go call b.R()
	store x b.R
}
func a.g() {
}
`)
	b := parsed1(t, `
unit b
func b.G(x) {
}
func (t *b.T) b.(*T).Lock() {
}
func (t *b.T) b.(*T).Less() {
}
func b.R() !recovers {
}
`)
	before := encoded(t, a)
	f := a.Funcs[0]
	Link([]*effects.Unit{a, b})
	calls := map[string]*effects.Func{}
	flags := map[effects.Op]effects.Flags{}
	for i := range f.Code {
		calls[f.Code[i].Sym] = f.Code[i].Fn
		flags[f.Code[i].Op] |= f.Code[i].Flags
	}
	want := map[string]*effects.Func{"b.G": b.Funcs[0], "b.unknown": nil, "(*b.T).Lock": b.Funcs[1], "b.R": b.Funcs[3]}
	for key, fn := range want {
		if got, ok := calls[key]; !ok || got != fn {
			t.Errorf("%s is %v", key, got)
		}
	}
	if flags[effects.FuncOf] != effects.Recover {
		t.Error("that a function recovers is not told")
	}
	for _, fns := range f.Targets {
		if len(fns) != 3 || fns[0] != b.Funcs[1] || fns[1] != a.Funcs[1] || fns[2].Name != "c.H" || !isOutside(fns[2]) {
			t.Errorf("targets %v", fns)
		}
	}
	for _, cs := range f.Callbacks {
		if len(cs) != 1 || cs[0].Fn != b.Funcs[2] {
			t.Errorf("callbacks %+v", cs)
		}
	}
	if !bytes.Equal(encoded(t, a), before) {
		t.Error("a unit has other bytes when it is linked")
	}
	Link([]*effects.Unit{a})
	if fn := f.At(f.First).Fn; fn != nil {
		t.Errorf("b.G is %s without its unit", fn.Name)
	}
}

func FuzzDecode(f *testing.F) {
	for _, src := range corpus(f) {
		f.Add(encoded(f, parsed1(f, src))[len(seal(nil)):])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rewrites(t, resealed(data))
		if _, err := Decode(data); err == nil {
			t.Error("read without a head")
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	u := parsed1(b, corpus(b)["queue.txt"])
	b.ReportMetric(float64(len(encoded(b, u)))/float64(len(u.Funcs)), "B/func")
	for b.Loop() {
		encoded(b, u)
	}
}

func BenchmarkDecode(b *testing.B) {
	data := encoded(b, parsed1(b, corpus(b)["queue.txt"]))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}
