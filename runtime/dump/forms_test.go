package dump

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// eachLine returns a form in which each line is changed.
func eachLine(change func(i int, line string) string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for i, line := range strings.Split(strings.TrimSuffix(s, "\n"), "\n") {
			b.WriteString(change(i, line) + "\n")
		}
		return b.String()
	}
}

// before returns a form in which something that depends on its number is before each line.
func before(format string, args func(i int) []any) func(string) string {
	return eachLine(func(i int, line string) string { return fmt.Sprintf(format, args(i)...) + line })
}

func replace(old, new string) func(string) string {
	return func(s string) string { return regexp.MustCompile(old).ReplaceAllString(s, new) }
}

func quote(v any) string {
	s, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(s)
}

// The forms in which people attach a dump. They lose nothing of it.
var forms = map[string]func(string) string{
	"as it is":            func(s string) string { return s },
	"carriage returns":    replace(`\n`, "\r\n"),
	"no indentation":      replace(`(?m)^[\t ]+`, ""),
	"blanks for tabs":     replace(`\t`, "        "),
	"indented":            replace(`(?m)^`, "        "),
	"double spacing":      replace(`\n`, "\n\n"),
	"triple spacing":      replace(`\n`, "\n\n \n"),
	"no-break spaces":     replace(`\t`, "\u00a0 \u00a0 "),
	"narrow spaces":       replace(` `, "\u202f"),
	"zero width":          replace(`main`, "\u200bmain"),
	"ellipsis":            replace(`\(\.\.\.\)`, "(…)"),
	"byte order mark":     func(s string) string { return "\ufeff" + s },
	"colours":             replace(`(?m)^.*$`, "\x1b[1;31m$0\x1b[0m"),
	"colours of parts":    replace(`goroutine`, "\x1b[38;5;12mgoroutine\x1b[39m"),
	"links of terminals":  replace(`main\.go`, "\x1b]8;;file:///x/main.go\x1b\\$0\x1b]8;;\a"),
	"colours half lost":   replace(`(?m)^.+$`, "[31m$0[0m"),
	"HTML":                replace(`\(\.\.\.\)`, "(&#46;..)&nbsp;"),
	"quoted HTML":         replace(`(?m)^`, "&gt; "),
	"quoted mail":         replace(`(?m)^`, "> > "),
	"Markdown escapes":    replace(`[*_\[\]().]`, `\$0`),
	"Markdown stars":      replace(`\(\*`, "("),
	"Markdown underlines": replace(`\(\*`, "(_"),
	"Markdown bold":       replace(`(?m)^.+$`, "**$0**"),
	"Markdown headings":   replace(`(?m)^(goroutine .*)$`, "**$1**"),
	"Markdown code":       replace(`(?m)^.+$`, "`$0`"),
	"Markdown list":       replace(`(?m)^(.)`, "- $1"),
	"Markdown table":      replace(`(?m)^.+$`, "| $0 |"),
	"links in numbers":    replace(`\+0x(..)`, "+0x[$1](https://ci.example/run/7?l=(a)#step:4:20)"),
	"links of places":     replace(`(?m)/src/bank/main\.go:\d+`, "[$0](https://example.com/bank/main.go#L1)"),
	"links of chats":      replace(`main\.go`, "<http://main.go|main.go>"),
	"time":                before("2026/03/01 22:10:%02d ", func(i int) []any { return []any{i % 60} }),
	"time of any length":  before("2026-03-01T22:10:%02d.%dZ ", func(i int) []any { return []any{i % 60, i * 37} }),
	"time now and then with a fraction": eachLine(func(i int, line string) string {
		if i%3 == 0 {
			return "2026-03-01T22:10:00Z app: " + line
		}
		return fmt.Sprintf("2026-03-01T22:10:00.%dZ app: %s", i, line)
	}),
	"seconds since the start": before("[%9.3f] ", func(i int) []any { return []any{float64(i) * 9.871} }),
	"days in two columns":     before("Mar %2d 22:10:00 host bank[%d]: ", func(i int) []any { return []any{1 + i%30, 4711} }),
	"docker compose":          replace(`(?m)^`, "bank-1  | "),
	"trimmed lines with time": eachLine(func(i int, line string) string {
		return strings.TrimRight(fmt.Sprintf("22:10:%02d ", i%60)+strings.TrimLeft(line, "\t"), " ")
	}),
	"time at the first line": func(s string) string { return "2026/03/01 22:10:00 caught: " + s },
	"a test's log":           func(s string) string { return "    bank_test.go:12: " + strings.ReplaceAll(s, "\n", "\n        ") },
	"docker's log": eachLine(func(i int, line string) string {
		return quote(map[string]any{"log": line + "\n", "stream": "stderr", "time": fmt.Sprint("2026-03-01T22:10:00.", i, "Z")})
	}),
	"docker's log, long lines in two": eachLine(func(_ int, line string) string {
		half := len(line) / 2
		if len(line) < 50 {
			half = 0 // only long lines are
		}
		return quote(map[string]any{"log": line[:half], "stream": "stderr"}) + "\n" + quote(map[string]any{"log": line[half:] + "\n", "stream": "stderr"})
	}),
	"records of any field": eachLine(func(_ int, line string) string {
		return quote(map[string]any{"a": "x.y(0x1)", "payload": map[string]any{"text": line, "level": 3}, "z": []string{"main.go"}})
	}),
	"go test -json": eachLine(func(i int, line string) string {
		return quote(map[string]any{"Time": "2026-03-01T22:10:00Z", "Action": "output", "Package": "bank", "Test": "TestX", "Output": line + "\n"}) + "\n" +
			quote(map[string]any{"Action": "output", "Package": "other", "Output": "main.noise(0x1)\n"})
	}),
	"a field of one record": func(s string) string {
		return quote(map[string]any{"level": "error", "msg": "caught", "stack": s, "zone": "eu"}) + "\n"
	},
	"a string":                  func(s string) string { return "level=error stack=" + quote(s) + " code=2\n" },
	"a string in a string":      func(s string) string { return quote(map[string]any{"line": "stack=" + quote(s)}) },
	"a record in several lines": func(s string) string { return "{\n  \"stack\": " + quote(s) + ",\n  \"level\": 1\n}\n" },
	"a list of lines": func(s string) string {
		text, _ := json.MarshalIndent(map[string]any{"lines": strings.Split(s, "\n")}, "", "  ")
		return string(text)
	},
	"lines of syslog": func(s string) string {
		return "Mar  1 22:10:00 host bank: " + strings.NewReplacer("\n", "#012", "\t", "#011").Replace(s) + "\n"
	},
	"tabs of syslog":                     replace(`\t`, "#011"),
	"lines of CSV":                       replace(`(?m)^.*$`, `2026-03-01T22:10:00Z,"$0"`),
	"gzip":                               compress,
	"gzip twice":                         func(s string) string { return compress(compress(s)) },
	"UTF-16":                             func(s string) string { return utf16Text("\ufeff"+s, 0) },
	"UTF-16, big endian, without a mark": func(s string) string { return utf16Text(s, 1) },
	"UTF-16, compressed":                 func(s string) string { return compress(utf16Text(s, 0)) },
	"remarks behind headers":             replace(`(?m)^(goroutine .*:)$`, "$1    <-- look at (this) one!"),
	"remarks behind calls":               replace(`(?m)^(main.*\)|\t.*main\.go:\d+)$`, "$1  // it is here: f(x)"),
	"arrows behind all":                  replace(`(?m)^(.+)$`, "$1   ← here"),
	"wrapped by a terminal": eachLine(func(_ int, line string) string {
		if len(line) > 60 {
			line = line[:60] + "\n" + line[60:]
		}
		return line
	}),
	"wrapped in mail": eachLine(func(_ int, line string) string {
		if len(line) > 70 {
			line = line[:70] + "=\n" + line[70:]
		}
		return line
	}),
	"grep -A": eachLine(func(_ int, line string) string {
		if strings.HasPrefix(line, "goroutine ") {
			return "app.log:" + line
		}
		return "app.log-" + line
	}),
	"grep -n -A": eachLine(func(i int, line string) string {
		if strings.HasPrefix(line, "goroutine ") {
			return fmt.Sprintf("%d:%s", i+1, line)
		}
		return fmt.Sprintf("%d-%s", i+1, line)
	}),
	"cat -n":                before("%6d\t", func(i int) []any { return []any{i + 1} }),
	"a diff":                replace(`(?m)^`, "+"),
	"a comment":             replace(`(?m)^`, "// "),
	"HTML with tags":        func(s string) string { return "<pre class=\"x\">" + replace(`(?m)$`, "<br/>")(s) + "</pre>" },
	"HTML with spans":       replace(`(?m)^.+$`, "<span style=\"x\">$0</span>"),
	"carriage returns only": replace(`\n`, "\r"),
	"records behind a time": eachLine(func(_ int, line string) string {
		return "2026-03-01 22:10:00 +0000 app: " + quote(map[string]any{"log": line + "\n"})
	}),
	"records in a list": eachLine(func(i int, line string) string {
		return "  " + quote(map[string]any{"at": i, "message": line}) + ","
	}),
	"records in several lines": eachLine(func(i int, line string) string {
		return fmt.Sprintf("  {\n    \"at\": %d,\n    \"message\": %s\n  },", i, quote(line))
	}),
	"journal": replace(`(?m)^`, "MESSAGE="),
	"logfmt": eachLine(func(i int, line string) string {
		return fmt.Sprintf("time=2026-03-01T22:10:%02dZ level=info msg=%s", i%60, quote(line))
	}),
	"klog":                 before("E0301 22:10:%02d.%06d   12345 main.go:%d] ", func(i int) []any { return []any{i % 60, i * 997, i} }),
	"containers":           before("2026-03-01T22:10:%02d.%dZ stderr F ", func(i int) []any { return []any{i % 60, i * 31} }),
	"a line of backquotes": func(s string) string { return "```" + s + "```\n" },
	"after other output":   func(s string) string { return "server: ready\nserver: f(x) = [y]:\n\n" + s + "\nexit status 2\n" },
}

func compress(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

func utf16Text(s string, order int) string {
	var b []byte
	for _, c := range utf16.Encode([]rune(s)) {
		pair := [2]byte{byte(c), byte(c >> 8)}
		b = append(b, pair[order], pair[1-order])
	}
	return string(b)
}

// TestForms proves that a dump is read alike in all forms in which it comes along.
func TestForms(t *testing.T) {
	for _, name := range []string{"abba", "abba_race", "recursive", "waitgroup"} {
		data, err := os.ReadFile("testdata/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		plain := parseString(t, string(data))
		for form, change := range forms {
			t.Run(name+"/"+form, func(t *testing.T) {
				input := change(string(data))
				got := parseString(t, input)
				if diff := cmp.Diff(plain, got); diff != "" {
					t.Errorf("-want +got:\n%s\nof\n%.2000s", diff, input)
				}
			})
		}
	}
}

// TestLongRecords proves that a record of any length is read whole.
func TestLongRecords(t *testing.T) {
	long := manyGoroutines(500)
	if len(long) < 4*maxLine {
		t.Fatal("too short")
	}
	for _, form := range []string{"a field of one record", "a string", "a string in a string", "a record in several lines", "lines of syslog", "carriage returns only", "UTF-16", "gzip twice"} {
		if d := parseString(t, forms[form](long)); len(d.Goroutines) != 500 || len(d.Notes) != 0 {
			t.Errorf("%s: %d goroutines, notes %q", form, len(d.Goroutines), d.Notes)
		}
	}
}

// TestLostPlaces proves that the lines with functions are enough for an analysis.
func TestLostPlaces(t *testing.T) {
	data, err := os.ReadFile("testdata/abba_race.txt")
	if err != nil {
		t.Fatal(err)
	}
	d := parseString(t, replace(`(?m)^\t.*\n`, "")(string(data)))
	d.Analyze()
	if len(d.Stuck) != 1 || len(d.Stuck[0].Circle) != 2 || len(d.Notes) != 0 {
		t.Errorf("stuck are %v, notes %q", d.Stuck, d.Notes)
	}
	roundTrip(t, d)
}

// TestTwoPackages proves that what two packages print at the same time is kept apart.
func TestTwoPackages(t *testing.T) {
	data, err := os.ReadFile("testdata/abba.txt")
	if err != nil {
		t.Fatal(err)
	}
	one := strings.Split(string(data), "\n")
	two := strings.Split(strings.ReplaceAll(string(data), "goroutine 1 ", "goroutine 100 "), "\n")
	var b strings.Builder
	for i := range one {
		for pkg, line := range map[string]string{"one": one[i], "two": two[i]} {
			fmt.Fprintln(&b, quote(map[string]string{"Action": "output", "Package": pkg, "Output": line + "\n"}))
		}
	}
	d := parseString(t, b.String())
	if want := parseString(t, string(data)); len(d.Goroutines) != len(want.Goroutines) || len(d.Notes) != 1 {
		t.Errorf("%d goroutines, want %d; notes %q", len(d.Goroutines), len(want.Goroutines), d.Notes)
	}
}

// TestNoStacks proves that what cannot be read is named in one sentence.
func TestNoStacks(t *testing.T) {
	data, err := os.ReadFile("testdata/abba.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	slices.Reverse(lines)
	profile := func(name string, debug int) string {
		var b bytes.Buffer
		if err := pprof.Lookup(name).WriteTo(&b, debug); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	const reverse = "its lines are in reverse order, the last comes first; turn them around, as tac does"
	for name, test := range map[string]struct{ input, want string }{
		"reversed":          {strings.Join(lines, "\n"), reverse},
		"reversed log":      {before("22:10:%02d ", func(i int) []any { return []any{99 - i} })(strings.Join(lines, "\n")), reverse},
		"one reversed":      {"\t/src/a.go:3 +0x1\nmain.f()\ngoroutine 1 [running]:\n", reverse},
		"debug=1":           {profile("goroutine", 1), `a profile of \d+ goroutines with debug=1, ` + lacks},
		"debug=1, behind":   {"$ curl localhost\n```\n> " + profile("goroutine", 1), `a profile of \d+ goroutines with debug=1, ` + lacks},
		"pprof":             {profile("goroutine", 0), `a profile of \d+ goroutines for go tool pprof, ` + lacks},
		"pprof, unpacked":   {unpackAll(t, profile("goroutine", 0)), `a profile of \d+ goroutines for go tool pprof, ` + lacks},
		"another profile":   {profile("heap", 0), "a profile of alloc_objects for go tool pprof, not a dump; .*"},
		"one line":          {strings.Join(strings.Fields(string(data)), " "), "the ends of its lines are lost: stacks are in one line"},
		"zip":               {"PK\x03\x04xxx", "compressed with zip; unpack it first"},
		"base64":            {base64.StdEncoding.EncodeToString(data), "no goroutine stacks in it"},
		"fatal error alone": {"fatal error: concurrent map writes\n[signal]\n", "the Go runtime found: concurrent map writes, but no goroutine stacks are in it"},
	} {
		_, err := Parse(strings.NewReader(test.input))
		if err == nil || !regexp.MustCompile("^"+test.want+"$").MatchString(err.Error()) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}

func unpackAll(t *testing.T, s string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
