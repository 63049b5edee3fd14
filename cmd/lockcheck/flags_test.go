package main

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// suite is a made-up set of checks.
func suite() []*analysis.Analyzer {
	doubled := &analysis.Analyzer{Name: "doublelock", Doc: "doublelock: report locks taken twice\n\nMore."}
	doubled.Flags.Int("depth", 3, "calls followed")
	return []*analysis.Analyzer{doubled, {Name: "lockorder", Doc: "lockorder: report cycles"}, {Name: "unguarded", Doc: "report races"}}
}

func TestSelects(t *testing.T) {
	const all = "doublelock lockorder unguarded other"
	for _, test := range []struct{ args, want string }{
		{"", all},
		{"-lockorder", "lockorder"},
		{"-lockorder -unguarded=true", "lockorder unguarded"},
		{"-lockorder=false", "doublelock unguarded other"},
		{"-lockorder=0 -doublelock=false", "unguarded other"},
		{"-lockorder -unguarded=false", "lockorder"},
		{"-lockorder -lockorder=false", "doublelock unguarded other"},
		{"-all -test=false", all},
	} {
		o, err := parseFlags(strings.Fields(test.args), suite())
		if err != nil {
			t.Errorf("parseFlags(%s): %v", test.args, err)
			continue
		}
		var got []string
		for _, check := range strings.Fields(all) {
			if o.selects(check) {
				got = append(got, check)
			}
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%q selects %q, want %q", test.args, got, test.want)
		}
	}
}

func TestParseFlags(t *testing.T) {
	o, err := parseFlags(strings.Fields("-all -json -test=false -deps -tags a,b -C x -doublelock.depth=5 ./... y"), suite())
	if err != nil {
		t.Fatal(err)
	}
	cfg := o.config(&console{})
	if o.fix || o.diff || !cfg.All || !o.json || cfg.Tests || !cfg.Deps || cfg.Tags != "a,b" || cfg.Dir != "x" || strings.Join(cfg.Patterns, " ") != "./... y" {
		t.Errorf("options are %+v", o)
	}

	o, err = parseFlags(nil, suite())
	if err != nil {
		t.Fatal(err)
	}
	cfg = o.config(&console{})
	if cfg.All || o.json || !cfg.Tests || cfg.Deps || strings.Join(cfg.Patterns, " ") != "." {
		t.Errorf("default options are %+v", o)
	}
}

func TestParseFlagsErrors(t *testing.T) {
	for args, want := range map[string]string{
		"-bogus":             "unknown flag -bogus; lockcheck help lists the flags",
		"--bogus=1":          "unknown flag -bogus; lockcheck help lists the flags",
		"./... -json":        "flag -json must come before the packages",
		"-debug=x":           `unknown value "x" of flag -debug, which takes effects, held and threads`,
		"-debug=held -json":  "flags -debug and -json cannot be used together",
		"-debug=held -diff":  "flag -debug cannot be used together with -fix or -diff",
		"-fix -diff -json":   "flags -diff and -json cannot be used together",
		"-tags":              "flag needs an argument: -tags",
		"-lockorder=perhaps": `invalid boolean value "perhaps" for -lockorder: want true or false`,
	} {
		_, err := parseFlags(strings.Fields(args), suite())
		if err == nil || err.Error() != want {
			t.Errorf("parseFlags(%s): error %v, want %s", args, err, want)
		}
	}
}

func TestBoolFlag(t *testing.T) {
	for args, want := range map[string]bool{
		"":                     false,
		"-json":                false,
		"-all":                 true,
		"--all -json":          true,
		"-all=false":           false,
		"-all -all=0":          false,
		"-all=0 -json -all":    true,
		"-tags x -all":         true,
		"-lockorder -allow":    false,
		"-all=maybe -all=true": true,
	} {
		if got := boolFlag(strings.Fields(args), "all"); got != want {
			t.Errorf("boolFlag(%s) = %t", args, got)
		}
	}
}

func TestHelpPage(t *testing.T) {
	page, ok := helpPage(suite(), "doublelock")
	const want = "doublelock: report locks taken twice\n\nMore.\n\nFlags:\n\n  -doublelock.depth  calls followed (default \"3\")\n"
	if !ok || page != want {
		t.Errorf("page of doublelock is\n%s", page)
	}
	if _, ok := helpPage(suite(), "double"); ok {
		t.Error("there is a page on double")
	}
	const list = "Checks:\n\n  doublelock  report locks taken twice\n  lockorder   report cycles\n  unguarded   report races\n\n"
	if got := helpChecks(suite()); got != list {
		t.Errorf("list of checks is\n%s", got)
	}
}

func TestHelpUnknown(t *testing.T) {
	code, stdout, stderr := runHere("help", "nothing")
	if code != exitFailed || stdout != "" || stderr != "lockcheck: no help on \"nothing\"; lockcheck help lists the checks\n" {
		t.Errorf("exit code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

func TestExplain(t *testing.T) {
	err := errors.New("not in std")
	for pattern, want := range map[string]string{
		"./...":       "not in std",
		"example.com": "not in std",
		"chekc":       "chekc is neither a command nor a package that can be loaded: not in std",
	} {
		if got := explain(err, []string{pattern}).Error(); got != want {
			t.Errorf("explain(%s) = %s, want %s", pattern, got, want)
		}
	}
}
