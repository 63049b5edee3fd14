package text

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockcheck/lockcheck/analyzer/internal/effects"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects/codec"
)

func textOf(t testing.TB, u *effects.Unit) string {
	t.Helper()
	var b strings.Builder
	if err := Print(&b, u); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func parsed1(t testing.TB, src string) *effects.Unit {
	t.Helper()
	u, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// corpus returns the texts of testdata by name.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
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

// TestPrinted reads the texts of testdata, which are in the form in which they are printed.
func TestPrinted(t *testing.T) {
	for name, want := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			u := parsed1(t, want)
			if got := textOf(t, u); got != want {
				t.Errorf("printed otherwise:\n%s", got)
			}
			for _, f := range u.Funcs {
				if s := String(f); !strings.HasPrefix(s, "func ") || !strings.HasSuffix(s, "}\n") {
					t.Error(s)
				}
			}
		})
	}
}

// TestEveryOperation checks that the texts of testdata have all operations and flags.
func TestEveryOperation(t *testing.T) {
	ops, flags := map[effects.Op]bool{}, effects.Flags(0)
	for _, src := range corpus(t) {
		for _, f := range parsed1(t, src).Funcs {
			for i := range f.Code {
				ops[f.Code[i].Op] = true
				flags |= f.Code[i].Flags
			}
		}
	}
	for op := effects.Param; op <= effects.LastOp; op++ {
		if !ops[op] {
			t.Errorf("no %s", op)
		}
	}
	for i, w := range flagWords {
		if flags&(1<<i) == 0 {
			t.Errorf("no %s", w)
		}
	}
}

// TestShort reads what a person writes.
func TestShort(t *testing.T) {
	u := parsed1(t, `
type m.Queue struct {
	mu    sync.Mutex // guards items
	items []int
	sync.RWMutex
}

func (q *m.Queue) m.(*Queue).Push(now bool) {
	mu = field q mu
	acquire mu
	if now free done
free:
	release mu
done:
	call log(q)
	go call m.(*Queue).Push$1()
}

func (q *m.Queue) m.(*Queue).Push$1() {}

func m.log(q *m.Queue) {
	return
}
`)
	if u.Path != "m" || u.Name != "m" || len(u.Funcs) != 3 {
		t.Fatalf("unit %s %s of %d functions", u.Path, u.Name, len(u.Funcs))
	}
	push, lit, log := u.Funcs[0], u.Funcs[1], u.Funcs[2]
	if lit.Parent != push || len(push.Literals) != 1 || push.Literals[0] != lit || lit.Outermost() != push {
		t.Error("the literal is not in the function around it")
	}
	if !push.Exported || push.Key != "(*m.Queue).Push" || !push.Recv || log.Exported || log.Key != "" {
		t.Errorf("exported %v as %s", push.Exported, push.Key)
	}
	mu := push.First
	if in := push.At(mu); in.Class != "m.Queue.mu" || in.Type.Kind != effects.Pointer || in.Type.Elem.Sync != effects.Mutex || in.Pos.Line != 9 || u.Files[in.Pos.File] != "t" {
		t.Errorf("field: %+v", in)
	}
	if in := push.At(mu + 1); in.Op != effects.Acquire || in.Args[0] != mu || in.Class != "sync" || in.Sym != "(*sync.Mutex).Lock" || in.Fn != nil {
		t.Errorf("acquire: %+v", in)
	}
	if len(push.Blocks) != 3 || push.Op(push.Blocks[1].Last) != effects.Jump || push.Op(push.Blocks[2].Last) != effects.Return {
		t.Errorf("blocks: %v", push.Blocks)
	}
	done := push.Blocks[2]
	if in := push.At(done.First); in.Fn != log || in.Class != "m" || in.Sym != "m.log" || in.Args[0] != push.Params[0] || len(done.Preds) != 2 {
		t.Errorf("call: %+v", in)
	}
	if in := push.At(done.First + 1); in.Fn != lit || in.How != effects.Started {
		t.Errorf("go: %+v", in)
	}
	if fs := push.At(1).Type.Elem.Fields; len(fs) != 3 || fs[2].Name != "RWMutex" || !fs[2].Embedded || fs[2].Type.Sync != effects.RWMutex {
		t.Errorf("fields: %+v", fs)
	}
}

// TestGuesses checks what is put in where nothing is said, and that it can be said otherwise.
func TestGuesses(t *testing.T) {
	u := parsed1(t, `
type m.T struct { wg sync.WaitGroup; m map[_]*m.T; n sync/atomic.Int64 }
func m.f(t *m.T) {
	wg = field t wg
	add wg 1
	start wg m.g
	n = field t n
	atomic Load(n)
	c = field t m ""
	l = load c
	e = lookup l 1
	x _ = load t
	once t m.g calls()
	box t calls(.Stop)
}
func (t *m.T) m.(*T).Stop() (bool, error) {}
func m.g() {}
`)
	f := u.Funcs[0]
	byOp := map[effects.Op]*effects.Instr{}
	for i := range f.Code {
		byOp[f.Code[i].Op] = &f.Code[i]
	}
	at := func(op effects.Op) effects.V {
		for i := range f.Code {
			if f.Code[i].Op == op {
				return effects.V(i)
			}
		}
		return 0
	}
	if in := byOp[effects.Start]; in.Sym != "(*sync.WaitGroup).Go" {
		t.Errorf("start: %+v", in)
	}
	if cs := f.Callbacks[at(effects.Start)]; len(cs) != 1 || !cs[0].Started || f.Op(cs[0].Arg) != effects.FuncOf {
		t.Errorf("start calls back %+v", cs)
	}
	if cs := f.Callbacks[at(effects.Once)]; len(cs) != 0 {
		t.Errorf("once calls back %+v", cs)
	}
	if in := byOp[effects.Atomic]; in.Flags != effects.Method || in.Class != "sync/atomic" || in.Sym != "Load" {
		t.Errorf("atomic: %+v", in)
	}
	if in := byOp[effects.Lookup]; in.Type == nil || in.Type.Elem == nil || in.Type.Elem.Name != "m.T" {
		t.Errorf("lookup: %+v", in)
	}
	if in := byOp[effects.Load]; in.Type != nil {
		t.Errorf("load: %+v", in)
	}
	if cs := f.Callbacks[at(effects.Box)]; len(cs) != 1 || cs[0].Fn != u.Funcs[1] || cs[0].Recv != f.Params[0] || cs[0].Key != "(*m.T).Stop" || cs[0].Pkg != "m" {
		t.Errorf("box has %+v", cs)
	}
	classes := 0
	for i := range f.Code {
		if f.Code[i].Op == effects.Field && f.Code[i].Class != "" {
			classes++
		}
	}
	if classes != 2 {
		t.Errorf("%d fields have classes", classes)
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"nothing", "", "no functions"},
		{"no function", "unit m\n", "no functions"},
		{"unknown line", "unit m\nfunk m.f() {\n}\n", "line 2: unit, import, file, type, var, typearg, boxed or func expected, not funk"},
		{"no end", "func m.f() {\n\treturn\n", "line 1: m.f has no end"},
		{"unknown operation", "func m.f() {\n\taquire 1\n}\n", "line 2: unknown operation aquire"},
		{"unknown flag", "func m.f(x) {\n\tacquire.share x\n}\n", "line 2: unknown flag share"},
		{"unknown value", "func m.f() {\n\tacquire x\n}\n", "line 2: unknown value x"},
		{"unknown function", "func m.f() {\n\tcall g()\n}\n", "line 2: there is no function or value g"},
		{"unknown block", "func m.f() {\n\tjump b3\n}\n", "line 2: there is no block b3"},
		{"unknown mark", "func m.f() !quick {\n}\n", "line 1: unknown mark !quick of a function"},
		{"unknown mark of a type", "type m.T struct!mutes\nfunc m.f() {\n}\n", "line 1: unknown mark !mutes of a type"},
		{"unknown type", "func m.f(x Queue) {\n}\n", "line 1: unknown type Queue"},
		{"operand missing", "func m.f(x) {\n\tstore x\n}\n", "line 2: store has 1 operands"},
		{"operand too much", "func m.f(x) {\n\tload x x\n}\n", "line 2: load has 2 operands"},
		{"a value twice", "func m.f(x) {\n\ty = load x\n\ty = load x\n}\n", "line 3: y names another value"},
		{"a parameter twice", "func m.f(x, x) {\n}\n", "line 1: x cannot name another value"},
		{"a block twice", "func m.f() {\nb:\n\tjump b\nb:\n}\n", "line 4: there are two blocks b"},
		{"a function twice", "func m.f() {\n}\nfunc m.f() {\n}\n", "line 3: there are two functions m.f: number them m.f~2, ..."},
		{"a type twice", "type m.T int\ntype m.T int\nfunc m.f() {\n}\n", "line 2: type m.T is declared again"},
		{"behind the end", "func m.f() {\n\treturn\n\trundefers\n}\n", "line 3: an instruction behind the end of a block: a label is missing"},
		{"load deferred", "func m.f(x) {\n\tdefer load x\n}\n", "line 2: load is no call, and cannot be deferred or started"},
		{"wrong phi", "func m.f(x) {\n\tjump b\nb:\n\tphi x x\n}\n", "line 4: phi has 2 operands, but 1 blocks lead here"},
		{"wrong predecessors", "func m.f(x) {\na:\n\tjump b\nb: from b\n\treturn\n}\n", "line 4: other blocks lead to this one than said"},
		{"wrong position", "func m.f(x) {\n\tload x ; here\n}\n", "line 2: \"here\" is no position"},
		{"string without end", "func m.f() {\n\tpanic \"x\n}\n", "line 2: a string without end"},
		{"strange character", "func m.f() {\n\tpanic ^\n}\n", "line 2: unexpected character '^'"},
		{"more on the line", "func m.f() {\n\trundefers )\n}\n", "line 2: value expected, not )"},
		{"late unit", "func m.f() {\n}\nunit n\n", "line 3: the unit is named behind its functions, or again"},
		{"leaf behind", "func m.f() {\n\trundefers\n\tx = const 1\n}\n", "line 3: const stands behind instructions"},
		{"inside nothing", "func m.f() !inside m.g {\n}\n", "line 1: there is no function m.g"},
		{"inside itself", "func m.f() !inside m.f {\n}\n", "line 1: m.f is inside itself"},
		{"field without name", "type m.T struct { *int }\nfunc m.f() {\n}\n", "line 1: a field without name"},
		{"deep type", "func m.f(x " + strings.Repeat("*", 300) + "int) {\n}\n", "line 1: a type is too deep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := Parse(c.src)
			if err == nil {
				t.Fatalf("no error:\n%s", textOf(t, u))
			}
			if err.Error() != c.want {
				t.Errorf("%s\nwant %s", err, c.want)
			}
		})
	}
}

// TestInPlace asks where literals are made, and whether they are only called there.
func TestInPlace(t *testing.T) {
	u := parsed1(t, `
func m.f(q) {
	a = closure m.f$1(q)
	defer call a()
	b = closure m.f$2(q)
	call b(b)
	c = closure m.f$3(q)
	go call c()
}
func m.f$1() captures(q) {
}
func m.f$2(x) captures(q) {
}
func m.f$3() captures(q) {
}
func m.f$4() {
}
`)
	f := u.Funcs[0]
	for i, want := range []bool{true, false, false, false} {
		lit := u.Funcs[i+1]
		if got := lit.InPlace(); got != want {
			t.Errorf("%s is only called in place: %v", lit.Name, got)
		}
		made := lit.MadeAt()
		if i == 3 {
			if len(made) != 0 {
				t.Errorf("%s is made at %v", lit.Name, made)
			}
			continue
		}
		if len(made) != 1 || f.At(made[0]).Fn != lit || f.CalledOnly(made[0]) != want {
			t.Errorf("%s is made at %v", lit.Name, made)
		}
	}
	if f.MadeAt() != nil || f.InPlace() {
		t.Error("a declared function is made nowhere")
	}
}

func FuzzParse(f *testing.F) {
	for _, src := range corpus(f) {
		f.Add(src)
	}
	f.Add("func f(x) {\n\tx = 1\n}")
	f.Add("import a/b c\nfunc c.(*T).F() captures(x *c.T \"\") {\nl: !recover from l\n\tx y = call.dynamic @\"\"(nil~2:_, m.f) by(@\"k\"!in \"\") calls(.M, x .N on 1)\n}")
	f.Fuzz(func(t *testing.T, src string) { reprints(t, src) })
}

// reprints checks that what can be read is printed so that it is read as the same, and can be encoded.
func reprints(t *testing.T, src string) bool {
	t.Helper()
	u, err := Parse(src)
	if err != nil {
		return false
	}
	once := textOf(t, u)
	v, err := Parse(once)
	if err != nil {
		t.Fatalf("what was printed is refused: %v\n%s", err, once)
	}
	same(t, once, textOf(t, v))
	data, err := codec.Encode(u)
	if err != nil {
		t.Fatalf("%v\n%s", err, once)
	}
	w, err := codec.Decode(data)
	if err != nil {
		t.Fatalf("what was encoded is refused: %v\n%s", err, once)
	}
	same(t, once, textOf(t, w))
	return true
}

// same fails with the first line in which two texts differ.
func same(t *testing.T, a, b string) {
	t.Helper()
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			t.Fatalf("line %d:\n%s\n%s", i+1, as[i], bs[i])
		}
	}
	if len(as) != len(bs) {
		t.Fatalf("%d lines, then %d", len(as), len(bs))
	}
}

// TestScrambled reads texts of which words were changed for others, left out or doubled.
func TestScrambled(t *testing.T) {
	word := regexp.MustCompile(`[\w.$@*]+|[^\w\s]|\s+`)
	read := 0
	for _, src := range corpus(t) {
		r := rand.New(rand.NewPCG(5, uint64(len(src))))
		words := word.FindAllString(src, -1)
		for range 1500 {
			ws := slices.Clone(words)
			for range 1 + r.IntN(4) {
				i, k := r.IntN(len(ws)), r.IntN(len(ws))
				switch r.IntN(4) {
				case 0:
					ws[i] = ws[k]
				case 1:
					ws = slices.Delete(ws, i, min(i+1+r.IntN(3), len(ws)))
				case 2:
					ws = slices.Insert(ws, i, ws[k:min(k+1+r.IntN(6), len(ws))]...)
				case 3:
					ws[i], ws[k] = ws[k], ws[i]
				}
			}
			t.Run("", func(t *testing.T) {
				if reprints(t, strings.Join(ws, "")) {
					read++
				}
			})
		}
	}
	if read == 0 {
		t.Error("none could be read")
	}
}

// TestDocumentation reads the example in the documentation of the package, and prints it as it stands there.
func TestDocumentation(t *testing.T) {
	data, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.SplitSeq(string(data), "\n") {
		if line, ok := strings.CutPrefix(line, "//\t"); ok && (len(lines) > 0 || strings.HasPrefix(line, "unit ")) {
			lines = append(lines, line)
			if line == "}" {
				break
			}
		} else if line == "//" && len(lines) > 0 {
			lines = append(lines, "")
		}
	}
	lit := "func m.(*Queue).Push$1() captures(q *m.Queue) {             ; 22:1"
	src := strings.Join(lines, "\n") + "\n\n" + strings.Replace(lit, "; ", "; q.go:", 1) + "\nb0:\n\treturn\n}\n"
	same(t, src, textOf(t, parsed1(t, src)))
}

func BenchmarkParse(b *testing.B) {
	src := corpus(b)["queue.txt"]
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		parsed1(b, src)
	}
}
