package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/scenario/impl"
)

var (
	runs   = flag.Int("runs", 3, "how often each scenario is run")
	update = flag.Bool("update", false, "write the table to docs/scenarios.md")
)

const page = "../../docs/scenarios.md"

// A scenario is what corpus says of it.
type scenario struct {
	Name, What  string
	Want        int
	Hangs, Race bool
	Mention     []string
}

// A result is what one process did.
type result struct {
	reports int // but those by timeout
	waits   int // reports by timeout
	races   int // of the race detector, in the scenario about a race
	own     int // of the race detector, other than that
	hangs   bool
	stderr  string
	err     error
}

// TestScenarios runs each scenario with each implementation and prints a table. It fails
// if lockcheck does not report what is wanted in every run; of the others only the table
// tells.
func TestScenarios(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs hundreds of processes")
	}
	impls := []impl.Impl{impl.Ours, impl.GoDeadlock, impl.Linkdata, impl.Sync}
	dir := t.TempDir()
	programs := make(map[string]string)
	for _, i := range impls {
		for _, race := range []bool{false, true} {
			program, err := i.Build("corpus", dir, race)
			if err != nil {
				t.Error(err)
				continue
			}
			programs[key(i, race)] = program
		}
	}
	table := []string{
		"| scenario | | wanted | lockcheck | go-deadlock | linkdata | sync |",
		"|---|---|---|---|---|---|---|",
	}
	for _, s := range list(t, programs[key(impl.Sync, false)]) {
		cells := []string{"`" + s.Name + "`", s.What, want(s)}
		for _, i := range impls {
			program, ok := programs[key(i, s.Race)]
			if !ok {
				cells = append(cells, "n/a")
				continue
			}
			results := runAll(program, s)
			for _, r := range results {
				if r.err != nil {
					// A crash is a result of a peer's: it is in the table.
					t.Logf("%s: %s: %v\n%s", s.Name, i.Name, r.err, r.stderr)
				}
				if i.Name == impl.Ours.Name {
					if why := wrong(s, r); why != "" {
						t.Errorf("%s: %s\n%s", s.Name, why, r.stderr)
					}
				}
				if i.Name == impl.Sync.Name && r.hangs != s.Hangs {
					t.Errorf("%s: hangs with sync: %v, want %v", s.Name, r.hangs, s.Hangs)
				}
			}
			cells = append(cells, cell(i, s, results))
		}
		table = append(table, "| "+strings.Join(cells, " | ")+" |")
	}
	fmt.Println(strings.Join(table, "\n"))
	if *update {
		writePage(t, table)
	} else {
		comparePage(t, table)
	}
}

// TestScenariosRace runs all scenarios with lockcheck under the race detector, which must
// find nothing in lockcheck itself.
func TestScenariosRace(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs dozens of processes")
	}
	program, err := impl.Ours.Build("corpus", t.TempDir(), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list(t, program) {
		r := run(program, s)
		if why := wrong(s, r); why != "" {
			t.Errorf("%s: %s\n%s", s.Name, why, r.stderr)
		}
	}
}

func key(i impl.Impl, race bool) string { return fmt.Sprint(i.Name, race) }

func list(t *testing.T, program string) []scenario {
	out, err := exec.Command(program, "-list").Output()
	if err != nil {
		t.Fatal(err)
	}
	var scenarios []scenario
	if err := json.Unmarshal(out, &scenarios); err != nil {
		t.Fatal(err)
	}
	return scenarios
}

// runAll runs a scenario *runs times, a few at a time.
func runAll(program string, s scenario) []result {
	results := make([]result, *runs)
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.NumCPU())
	for i := range results {
		wg.Go(func() {
			slots <- struct{}{}
			results[i] = run(program, s)
			<-slots
		})
	}
	wg.Wait()
	return results
}

func run(program string, s scenario) (r result) {
	cmd := exec.Command(program, s.Name)
	// What the environment says of lockcheck or Go is not asked. A race does not end
	// the process, and does not change its exit code.
	cmd.Env = append(os.Environ(), "LOCKCHECK=", "GODEBUG=", "GOTRACEBACK=", "GORACE=exitcode=0", "PEER_TIMEOUT=150ms")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.WaitDelay = time.Minute
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == 3:
		r.hangs = true
	case err != nil:
		r.err = err
	}
	r.stderr = stderr.String()
	for line := range strings.Lines(r.stderr) {
		switch {
		case strings.HasPrefix(line, "LOCKCHECK: "), strings.HasPrefix(line, "POTENTIAL DEADLOCK: "):
			r.reports++
		case strings.HasPrefix(line, "POTENTIAL DEADLOCK:"):
			r.waits++
		}
	}
	for _, race := range strings.Split(r.stderr, "WARNING: DATA RACE")[1:] {
		if strings.Contains(race, "main.race") {
			r.races++
		} else {
			r.own++
		}
	}
	return r
}

// wrong says what is wrong with a result of lockcheck, if anything is.
func wrong(s scenario, r result) string {
	switch {
	case r.err != nil:
		return r.err.Error()
	case r.reports != s.Want:
		return fmt.Sprintf("%d reports, want %d", r.reports, s.Want)
	case s.Race && r.races == 0:
		return "the race detector sees no race"
	case r.own > 0:
		return "there is a race, of lockcheck itself"
	case r.hangs != s.Hangs:
		return fmt.Sprintf("hangs: %v, want %v", r.hangs, s.Hangs)
	}
	for _, m := range s.Mention {
		if !strings.Contains(r.stderr, m) {
			return "the report does not mention " + m
		}
	}
	return ""
}

func want(s scenario) string {
	if s.Race {
		return "race"
	}
	return fmt.Sprint(s.Want)
}

// cell tells what happened in all runs: one thing, or each with the number of runs.
func cell(i impl.Impl, s scenario, results []result) string {
	count := make(map[string]int)
	for _, r := range results {
		count[outcome(i, s, r)]++
	}
	keys := slices.Sorted(maps.Keys(count))
	if len(keys) == 1 {
		return keys[0]
	}
	slices.SortStableFunc(keys, func(a, b string) int { return count[b] - count[a] })
	var parts []string
	for _, k := range keys {
		parts = append(parts, fmt.Sprintf("%s (%d of %d)", k, count[k], len(results)))
	}
	return strings.Join(parts, ", ")
}

func outcome(i impl.Impl, s scenario, r result) string {
	switch {
	case r.err != nil:
		return "crash"
	case s.Race && r.races == 0:
		return "no race"
	case s.Race:
		return "race"
	case i.Name == impl.Sync.Name && r.hangs:
		return "hangs"
	case i.Name == impl.Sync.Name:
		return "ok"
	case r.waits > 0 && r.reports == 0:
		return fmt.Sprintf("0, by timeout %d", r.waits)
	case r.waits > 0:
		return fmt.Sprintf("%d, by timeout %d", r.reports, r.waits)
	}
	return fmt.Sprint(r.reports)
}

const intro = `# What lockcheck reports, and what its peers report

Each row is a small program about locks, a goroutine or a few and at most some dozen lines,
run in a process of its own. The numbers are reports; *by timeout* counts those that a peer
makes because a lock was waited for too long, which is set to 150 ms here (their default is
30 s) so that they can be seen at all. *sync* says what happens to the program: it ends, or
it hangs in every run. The row about the data race says whether Go's race detector still
finds a race that has nothing to do with the locks.

The table is printed by the test that also checks it: lockcheck must report what is wanted
in every run. The programs are written against package sync, in
[testdata/scenario/corpus](../testdata/scenario/corpus); for each implementation they are
built with that import replaced. To make the table again, run
` + "`go test -runs 20 -update`" + ` in testdata/scenario, a module of its own. This one was made
with %s and %s.

`

func writePage(t *testing.T, table []string) {
	var versions []string
	for _, i := range []impl.Impl{impl.GoDeadlock, impl.Linkdata} {
		v, err := i.Version()
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, i.Module+" "+v)
	}
	text := fmt.Sprintf(intro, versions[0], versions[1]) + strings.Join(table, "\n") + "\n"
	if err := os.WriteFile(page, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// comparePage fails if the page is not about these scenarios, or if it claims something
// else of lockcheck. What the peers do may vary.
func comparePage(t *testing.T, table []string) {
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "|") {
			got = append(got, columns(line))
		}
	}
	for _, line := range table {
		want = append(want, columns(line))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s is out of date: run with -update", filepath.Base(page))
	}
}

// columns returns the first four.
func columns(line string) string {
	cells := strings.Split(line, "|")
	return strings.Join(cells[:min(5, len(cells))], "|")
}
