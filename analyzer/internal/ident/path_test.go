package ident_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/ident"
)

var (
	param0 = ident.ParamPath(0)
	param1 = ident.ParamPath(1)
	mu     = param0.Deref().Field("mu", "p.T.mu")
	array  = param0.Deref().Field("locks", "p.T.locks")
	value  = ident.Root(ident.Value, "t3", "")
	alloc  = ident.Root(ident.Alloc, "t0", "p.F@mu")
	global = ident.Root(ident.Global, "p.mu", "p.mu")
)

func TestSame(t *testing.T) {
	tests := []struct {
		name string
		p, q ident.Path
		want bool
	}{
		{"one path", mu, mu, true},
		{"built twice", mu, ident.ParamPath(0).Deref().Field("mu", ""), true},
		{"another field", mu, param0.Deref().Field("aux", "p.T.aux"), false},
		{"another parameter", mu, param1.Deref().Field("mu", "p.T.mu"), false},
		{"pointer and what it points to", param0, param0.Deref(), false},
		{"global", global, global, true},
		{"another kind of root", ident.Root(ident.Free, "0", ""), param0, false},
		{"unknown", ident.Path{}, ident.Path{}, false},
		{"forgotten", mu.Forget(), mu.Forget(), false},
		{"one index", array.Elem("{t5}"), array.Elem("{t5}"), true},
		{"any index", array.Elem("*"), array.Elem("*"), false},
		{"below any index", array.Elem("*").Field("mu", ""), array.Elem("*").Field("mu", ""), false},
		{"constant index", array.Elem(`"1"`), array.Elem(`"1"`), true},
		{"other constant index", array.Elem(`"1"`), array.Elem(`"2"`), false},
		{"this value and the one before", value, value.Age("t3"), false},
		{"the value before", value.Age("t3"), value.Age("t3"), true},
		{"some value before", value.Age("t3").Age("t3"), value.Age("t3").Age("t3"), false},
		{"read side", mu, ident.Path{Kind: mu.Kind, Ref: mu.Ref, Steps: mu.Steps, Class: mu.Class, Read: true}, true},
	}
	for _, tt := range tests {
		if got := tt.p.Same(tt.q); got != tt.want {
			t.Errorf("%s: Same is %t", tt.name, got)
		}
		if tt.p.Same(tt.q) != tt.q.Same(tt.p) {
			t.Errorf("%s: Same is not symmetric", tt.name)
		}
	}
}

func TestDistinct(t *testing.T) {
	tests := []struct {
		name string
		p, q ident.Path
		want bool
	}{
		{"itself", mu, mu, false},
		{"two classes", mu, param1.Deref().Field("aux", "p.T.aux"), true},
		{"one class, two parameters", mu, param1.Deref().Field("mu", "p.T.mu"), false},
		{"no class", param0, param1, false},
		{"two allocations", alloc, ident.Root(ident.Alloc, "t1", "p.F@mu"), true},
		{"allocation now and before", alloc, alloc.Age("t0"), false},
		{"allocation and parameter", alloc, ident.Root(ident.Param, "0", "p.F@mu"), false},
		{"constant indices", global.Elem(`"1"`), global.Elem(`"2"`), true},
		{"one constant index", global.Elem(`"1"`), global.Elem(`"1"`), false},
		{"constant index and variable", global.Elem(`"1"`), global.Elem("{t5}"), false},
		{"constant index and any", global.Elem(`"1"`), global.Elem("*"), false},
		{"constant indices of what a pointer points to", array.Elem(`"1"`), array.Elem(`"2"`), false},
		{"unknown", ident.Path{}, ident.Path{}, false},
		{"unknown of two classes", mu.Forget(), global.Forget(), true},
	}
	for _, tt := range tests {
		if got := tt.p.Distinct(tt.q); got != tt.want {
			t.Errorf("%s: Distinct is %t", tt.name, got)
		}
		if tt.p.Distinct(tt.q) != tt.q.Distinct(tt.p) {
			t.Errorf("%s: Distinct is not symmetric", tt.name)
		}
		if tt.p.Same(tt.q) && tt.p.Distinct(tt.q) {
			t.Errorf("%s: both Same and Distinct", tt.name)
		}
	}
}

func TestAge(t *testing.T) {
	if got := value.Age("t4"); got != value {
		t.Errorf("another instruction: got %+v", got)
	}
	if got := mu.Age("0"); got != mu {
		t.Errorf("parameters do not age: got %+v", got)
	}
	for gen, p := 0, value; gen < 5; gen, p = gen+1, p.Age("t3") {
		if want := min(gen, 2); int(p.Gen) != want {
			t.Errorf("after %d: generation %d, want %d", gen, p.Gen, want)
		}
		if got, want := p.Exact(), gen < 2; got != want {
			t.Errorf("after %d: Exact is %t", gen, got)
		}
	}
	p := array.Elem("{t5}").Field("a", "").Elem("{t55}").Elem("{t5}")
	if got, want := p.Age("t5").Steps, "^.locks[*].a[{t55}][*]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !p.Mentions("t5") || p.Age("t5").Mentions("t5") || !p.Age("t5").Mentions("t55") || p.Mentions("t") || !value.Mentions("t3") || mu.Mentions("0") {
		t.Error("Mentions")
	}
}

func TestGeneralize(t *testing.T) {
	tests := []struct{ steps, want string }{
		{"", ""},
		{"^.mu", "^.mu"},
		{"[{t5}]", "[*]"},
		{"^.a[{t5}].b[{t55}]^", "^.a[*].b[*]^"},
		{`^.a["1"].b[{t5}]`, `^.a["1"].b[*]`},
		{"^.a[*].b", "^.a[*].b"},
	}
	for _, tt := range tests {
		p := ident.Path{Kind: ident.Param, Ref: "0", Steps: tt.steps}
		got := p.Generalize()
		if got.Steps != tt.want {
			t.Errorf("%s: got %s, want %s", tt.steps, got.Steps, tt.want)
		}
		if again := got.Generalize(); again != got {
			t.Errorf("%s: again %s", tt.steps, again.Steps)
		}
	}
}

func TestSteps(t *testing.T) {
	p := param0.Deref().Field("a", "p.T.a").Elem(`"k.[^"`).Deref().Field("mu", "p.U.mu")
	if got, want := p.Steps, `^.a["k.[^"]^.mu`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p = param0.Deref().Field("a", "p.T.a").Elem(`"1"`).Deref().Field("mu", "p.U.mu")
	if got, want := p.Pretty(), ".a[1].mu"; got != want {
		t.Errorf("Pretty: got %s, want %s", got, want)
	}
	if got, want := p.Len(), 5; got != want {
		t.Errorf("Len: got %d, want %d", got, want)
	}
	owner, ok := p.Owner()
	if want := (ident.Path{Kind: ident.Param, Ref: "0", Steps: `^.a["1"]^`}); !ok || owner != want {
		t.Errorf("Owner: got %+v, %t", owner, ok)
	}
	if _, ok := global.Owner(); ok {
		t.Error("a variable has an owner")
	}
	inner := ident.ParamPath(3).Deref().Field("mu", "p.T.mu")
	inner.Read = true
	want := ident.Path{Kind: ident.Global, Ref: "p.mu", Steps: "^.mu", Class: "p.T.mu", Read: true}
	if diff := cmp.Diff(want, global.Extend(inner)); diff != "" {
		t.Errorf("Extend:\n%s", diff)
	}
	if got := global.Extend(ident.ParamPath(0)).Class; got != "p.mu" {
		t.Errorf("Extend by a path without class: class %q", got)
	}
	if param1.Index() != 1 || global.Index() != -1 {
		t.Error("Index")
	}
}

func TestShort(t *testing.T) {
	tests := []struct{ class, from, want string }{
		{"example.com/bank.Ledger.mu", "example.com/bank", "Ledger.mu"},
		{"example.com/bank.Ledger.mu", "example.com/audit", "bank.Ledger.mu"},
		{"example.com/bank.Ledger.mu", "example.com/ban", "bank.Ledger.mu"},
		{"example.com/bank/sub.T.mu", "example.com/bank", "sub.T.mu"},
		{"example.com/v2.1/bank.mu", "example.com/v2", "bank.mu"},
		{"example.com/bank.mu", "example.com/bank", "mu"},
		{"example.com/bank.Run@mu", "example.com/bank", "mu"},
		{"example.com/bank.Run@mu", "example.com/audit", "mu"},
		{"example.com/bank.T'.mu", "example.com/bank", "T.mu"},
		{"main.T.anon.mu", "main", "T.anon.mu"},
	}
	for _, tt := range tests {
		if got := ident.Short(tt.class, tt.from); got != tt.want {
			t.Errorf("Short(%q, %q) = %q, want %q", tt.class, tt.from, got, tt.want)
		}
		if got := ident.Short(tt.class, tt.from); strings.ContainsAny(got, "/@'") {
			t.Errorf("Short(%q, %q) = %q", tt.class, tt.from, got)
		}
	}
}

func TestDeclaredIn(t *testing.T) {
	for _, test := range []struct {
		class, path string
		want        bool
	}{
		{"example.com/p.T.mu", "example.com/p", true},
		{"example.com/p.mu", "example.com/p", true},
		{"example.com/p.Map[example.com/q.T]@mu", "example.com/p", true},
		{"example.com/p.T.mu", "example.com", false},
		{"example.com/p.T.mu", "example.com/q", false},
		{"example.com/p.d/q.T.mu", "example.com/p", false},
		{"", "example.com/p", false},
	} {
		if got := ident.DeclaredIn(test.class, test.path); got != test.want {
			t.Errorf("DeclaredIn(%q, %q) = %v", test.class, test.path, got)
		}
	}
}
