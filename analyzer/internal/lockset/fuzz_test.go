package lockset_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/lockcheck/lockcheck/analyzer/internal/effects"

	"github.com/lockcheck/lockcheck/analyzer/internal/lockset"
	"github.com/lockcheck/lockcheck/analyzer/internal/ssatest"
	"github.com/lockcheck/lockcheck/analyzer/internal/suite"
)

// vet returns the findings of go vet as text, and the facts.
func vet(p *ssatest.Program) (string, []lockset.SectionBytes, error) {
	vetted, err := p.Vet()
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	for _, f := range vetted["p"].View.Findings(suite.Checks) {
		fmt.Fprintf(&b, "%s-%d: %s %d %s %v\n", f.Posn, f.End, f.Text(), f.Confidence, f.Fingerprint, f.Fixes)
		for _, s := range f.Steps {
			fmt.Fprintf(&b, "\t%s: %s\n", s.Posn, s.Message)
		}
	}
	return b.String(), vetted["p"].Facts, nil
}

// whole runs the engine as the command does, and returns everything that it can print.
func whole(p *ssatest.Program) (_ string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	eng := p.Engine()
	var b bytes.Buffer
	if err := eng.PrintHeld(&b, func(*effects.Func) bool { return true }); err != nil {
		return "", err
	}
	v, secs := p.View(p.Package("p"), eng)
	for _, f := range v.Findings(suite.Checks) {
		fmt.Fprintf(&b, "%s-%d: %s %d %s %v\n", f.Posn, f.End, f.Text(), f.Confidence, f.Fingerprint, f.Steps)
	}
	for _, path := range slices.Sorted(maps.Keys(secs)) {
		fmt.Fprintf(&b, "%s %x\n", path, secs[path].Encode())
	}
	return b.String(), nil
}

// watch ends a worker of go test -fuzz that an input keeps for a minute, so that the input is written down: nothing else
// notices it there. In an ordinary test run, it does nothing: the limit of the run applies, and names the seed.
func watch(src string) (stop func()) {
	if worker := flag.Lookup("test.fuzzworker"); worker == nil || worker.Value.String() != "true" {
		return func() {}
	}
	t := time.AfterFunc(time.Minute, func() { panic("the engine does not end on\n" + src) })
	return func() { t.Stop() }
}

// FuzzBody runs the engine on generated functions, as go vet and as the command do: it
// must not panic, must end, must give the same result again, and what it exports
// must decode to what it was.
func FuzzBody(f *testing.F) {
	for seed := range 24 {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		data := make([]byte, 40+40*seed)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		f.Add(data)
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		src := generate(data)
		p, err := ssatest.Parse(src)
		if err != nil {
			t.Fatalf("the generator is wrong: %v\n%s", err, src)
		}
		defer watch(src)()

		first, facts, err := vet(p)
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		second, again, err := vet(p)
		if err != nil {
			t.Fatalf("second run: %v\n%s", err, src)
		}
		if first != second {
			t.Errorf("two runs differ:\n%s\n%s", cmp.Diff(first, second), src)
		}
		if diff := cmp.Diff(facts, again); diff != "" {
			t.Errorf("two runs export different facts:\n%s\n%s", diff, src)
		}
		for _, s := range facts {
			sec, err := lockset.DecodeSection(s.Path, s.Data)
			if err != nil {
				t.Fatalf("%v\n%s", err, src)
			}
			sec.Func("")
			if !bytes.Equal(sec.Encode(), s.Data) {
				t.Errorf("facts do not survive encoding\n%s", src)
			}
		}

		first, err = whole(p)
		if err != nil {
			t.Fatalf("whole program: %v\n%s", err, src)
		}
		if p, err = ssatest.Parse(src); err != nil {
			t.Fatal(err)
		}
		second, err = whole(p)
		if err != nil {
			t.Fatalf("whole program, second run: %v\n%s", err, src)
		}
		if first != second {
			t.Errorf("whole program, two runs differ:\n%s\n%s", cmp.Diff(first, second), src)
		}
	})
}
