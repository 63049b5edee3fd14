package dump

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden reads real dumps of deadlocks, of optimized programs and of those built with
// -race, and compares what is printed about them. How they were made, testdata/hang tells;
// go118.txt, prefixed.txt and truncated.txt are edited.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			d := parseFile(t, file)
			d.Analyze()
			got := text(t, d)
			golden := strings.TrimSuffix(file, ".txt") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			roundTrip(t, d)
		})
	}
}

// roundTrip proves that nothing is lost in JSON, and that text is read back as it can be.
func roundTrip(t *testing.T, d *Dump) {
	t.Helper()
	var j bytes.Buffer
	if err := d.WriteJSON(&j); err != nil {
		t.Fatal(err)
	}
	again, err := Parse(bytes.NewReader(j.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range d.Goroutines {
		if g.Frames == nil {
			g.Frames = []Frame{}
		}
	}
	if diff := cmp.Diff(d, again); diff != "" {
		t.Errorf("JSON read back: -want +got:\n%s", diff)
	}
	again.Analyze()
	if diff := cmp.Diff(text(t, d), text(t, again)); diff != "" {
		t.Errorf("JSON read back and analyzed again: -want +got:\n%s", diff)
	}

	first := text(t, d)
	again, err = Parse(strings.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(again.Goroutines), len(d.Goroutines); got != want {
		t.Errorf("the text is read back as %d goroutines, want %d", got, want)
	}
	again.Analyze()
	body := func(s string) string { // what is printed of stacks alone
		_, s, _ = strings.Cut(s, "\nall goroutines:\n")
		return s
	}
	if diff := cmp.Diff(body(first), body(text(t, again))); diff != "" {
		t.Errorf("text read back: -want +got:\n%s", diff)
	}
	if d.Watched && len(d.Deadlocks) != len(again.Deadlocks) {
		t.Errorf("the text read back has %d deadlocks, want %d", len(again.Deadlocks), len(d.Deadlocks))
	}
}

func parseFile(t testing.TB, file string) *Dump {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func parseString(t testing.TB, s string) *Dump {
	t.Helper()
	d, err := Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func text(t testing.TB, d *Dump) string {
	t.Helper()
	var b strings.Builder
	if err := d.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestParseGoroutine(t *testing.T) {
	d := parseString(t, `goroutine 18 gp=0xc000 m=3 mp=0xd000 [chan receive (nil chan), 12 minutes, locked to thread, synctest bubble 4 labels:{"a, b": "]:"}]:
main.(*Cache[go.shape.struct { example.com/x.y int }]).Put(0xc000012345, {0x1?, 0x2})
	C:/src/a b.go:12 +0x4a fp=0xc1 sp=0xc2 pc=0xc3
...23 frames elided...
non-Go function
	pc=0x1234
created by example.com/a/b%2ec.(*T).run.func1.2 in goroutine 7
    /src/b.go:3 +0x1
[originating from goroutine 7]:
main.old(...)
	/src/old.go:1
created by main.older
	/src/old.go:2
`)
	want := &Goroutine{
		ID: 18, State: "chan receive (nil chan)", Minutes: 12, Locked: true, Bubble: 4, Creator: 7, Labels: `"a, b": "]:"`,
		Frames: []Frame{
			{"main.(*Cache[go.shape.struct { example.com/x.y int }]).Put", "0xc000012345, {0x1?, 0x2}", "C:/src/a b.go", 12},
			{Func: "...23 frames elided..."},
			{Func: "non-Go function"},
		},
		CreatedBy: &Frame{Func: "example.com/a/b%2ec.(*T).run.func1.2", File: "/src/b.go", Line: 3},
	}
	if diff := cmp.Diff([]*Goroutine{want}, d.Goroutines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	f := want.Frames[0]
	if f.pkg() != "main" || f.receiver() != 0xc000012345 || f.place() != "C:/src/a b.go:12" {
		t.Errorf("pkg %q, receiver %#x, place %q", f.pkg(), f.receiver(), f.place())
	}
}

// TestLabels reads labels of pprof as versions of Go print them, and prints them.
func TestLabels(t *testing.T) {
	for _, header := range []string{
		`goroutine 7 [select, 3 minutes labels:{"job": "a, b", "n": "]:"}]:`,
		`goroutine 7 [select, 3 minutes, labels:{"job": "a, b", "n": "]:"}]:`,
	} {
		d := parseString(t, header+"\nmain.f()\n\tf.go:1\n")
		g := d.Goroutines[0]
		if g.State != "select" || g.Minutes != 3 || g.Labels != `"job": "a, b", "n": "]:"` {
			t.Errorf("%s is read as %+v", header, g)
		}
		roundTrip(t, d)
		if s := text(t, d); !strings.Contains(s, `[select, 3 minutes labels:{"job": "a, b", "n": "]:"}]:`) {
			t.Errorf("got\n%s", s)
		}
	}
}

// TestParseErrors proves that the user learns what the input is.
func TestParseErrors(t *testing.T) {
	for input, want := range map[string]string{
		"":                                 "nothing in it",
		"hello\n":                          "no goroutine stacks in it",
		"goroutine x [running]:\n":         "no goroutine stacks in it",
		"goroutine 1 of us [running]:\n":   "no goroutine stacks in it",
		"{}":                               "no goroutine stacks in it",
		"\ufeff<html>":                     "a web page, not a dump",
		"<!DOCTYPE html>\n<html>":          "a web page, not a dump",
		"\x1f\x8b\x08":                     "compressed with gzip, but damaged: unexpected EOF",
		"goroutine profile: total 3\n3 @ ": "a profile of 3 goroutines with debug=1, " + lacks,
	} {
		if _, err := Parse(strings.NewReader(input)); err == nil || err.Error() != want {
			t.Errorf("Parse(%q) = %v, want %s", input, err, want)
		}
	}
	if _, err := Parse(iotest.ErrReader(os.ErrDeadlineExceeded)); err != os.ErrDeadlineExceeded {
		t.Errorf("an error of the reader becomes %v", err)
	}
}

// TestParseSeveral proves which of several dumps is taken.
func TestParseSeveral(t *testing.T) {
	block := func(id int) string { return fmt.Sprintf("goroutine %d [running]:\nmain.f()\n\tf.go:%d\n\n", id, id) }
	for _, test := range []struct {
		name, input string
		want        []uint64
	}{
		{"the last", block(1) + block(2) + "SIGQUIT: quit\n" + block(1) + block(3), []uint64{1, 3}},
		{"not a lone stack", block(1) + block(2) + block(3) + block(4) + block(2), []uint64{1, 2, 3, 4}},
		{"of two programs", "panic: test timed out\n" + block(1) + block(2) + "FAIL\tx\t1s\npanic: y\n" + block(7) + block(8), []uint64{7, 8}},
	} {
		d := parseString(t, test.input)
		var got []uint64
		for _, g := range d.Goroutines {
			got = append(got, g.ID)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.name, diff)
		}
		if len(d.Notes) != 1 || !strings.HasPrefix(d.Notes[0], "the input holds 2 dumps") {
			t.Errorf("%s: notes are %q", test.name, d.Notes)
		}
	}
}

// TestParseCut proves that the end of an input within a stack is noticed.
func TestParseCut(t *testing.T) {
	data, err := os.ReadFile("testdata/abba.txt")
	if err != nil {
		t.Fatal(err)
	}
	whole := string(data)
	for at, line := 0, ""; at < len(whole)-1; at++ {
		if line = whole[:at][strings.LastIndexByte(whole[:at], '\n')+1:]; line == "" {
			continue
		}
		d, err := Parse(strings.NewReader(whole[:at]))
		if err != nil {
			if strings.Contains(whole[:at], "]:") {
				t.Fatalf("cut behind %q: %v", line, err)
			}
			continue
		}
		d.Analyze()
		noted := len(d.Notes) > 0
		// Within the last number of a frame nothing is missing.
		complete := strings.HasPrefix(line, "\t") && strings.Contains(line, ".go:") && !strings.HasSuffix(strings.TrimSuffix(line, "0"), "+") && !strings.HasSuffix(line, ":") ||
			strings.HasPrefix(line, "goroutine 1 [") // without a function, it may be running elsewhere
		if noted == complete && d.Goroutines[0].Frames != nil {
			t.Errorf("cut behind %q: the notes are %q", line, d.Notes)
		}
	}
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", 3*maxLine)
	d := parseString(t, long+"\ngoroutine 1 [running]:\nmain.f("+long+")\n\tf.go:1\nmain.g()\n\tf.go:2\n"+long)
	if len(d.Goroutines) != 1 || len(d.Goroutines[0].Frames) != 1 || len(d.Notes) == 0 {
		t.Errorf("%d goroutines, frames %v, notes %q", len(d.Goroutines), d.Goroutines[0].Frames, d.Notes)
	}
	if parseRanges("1-18446744073709551615", 10); len(parseRanges("18446744073709551614-18446744073709551615", 10)) != 2 {
		t.Error("the largest numbers are lost")
	}
}
