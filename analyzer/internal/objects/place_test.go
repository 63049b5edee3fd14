package objects

import "testing"

func TestOverlaps(t *testing.T) {
	for _, test := range []struct {
		p, q Place
		want bool
	}{
		{"", "", true},
		{"", ".f", true},
		{".f", "", true},
		{".f", ".f.g", true},
		{".f", ".g", false},
		{".f", ".ff", false},
		{"", "^", false},
		{".f", ".f^.g", false},
		{".f^.g", ".f^.g", true},
		{".f^", ".f^.g", true},
		{"[1]", "[1]", true},
		{"[1]", "[2]", false},
		{"[*]", "[*]", false},
		{"[*]", "[2]", false},
		{"[]", "[*]", true},
		{"[]", "[2]", true},
		{"[*1.5].f", "[*1.5].f", false},
		{"[*1.5].f", "[*1.7].f", true},
		{"[*1.5]", "[*]", true},
		{"[*1.5]", "[2]", true},
		{"[+]", "[+]", true},
		{"[+]", "[]", false},
		{"", "[1].f", true},
		{"[1].f", "[].f", true},
		{"[1].f", "[].g", false},
		{"[*].f", "[*].f", false},
	} {
		if got := test.p.Overlaps(test.q); got != test.want {
			t.Errorf("%q overlaps %q: %v", test.p, test.q, got)
		}
		if got := test.q.Overlaps(test.p); got != test.want {
			t.Errorf("%q overlaps %q: %v", test.q, test.p, got)
		}
	}
}

func TestName(t *testing.T) {
	for _, test := range []struct {
		p    Place
		want string
	}{
		{"", "x"}, {".f", "x.f"}, {"^", "*x"}, {"^.f", "x.f"}, {".f^.g", "x.f.g"}, {".m^[]", "x.m[...]"}, {"[3].f", "x[3].f"},
	} {
		if got := test.p.of("x"); got != test.want {
			t.Errorf("%q: %s, want %s", test.p, got, test.want)
		}
	}
}
