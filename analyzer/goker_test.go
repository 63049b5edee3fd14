package analyzer_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer"
)

// gokerFiles returns the Go toolchain's port of deadlocks found in Go projects, 63 files
// that are one package main, as a module; nil if it is not installed.
func gokerFiles(t *testing.T) map[string]string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src/runtime/testdata/testgoroutineleakprofile/goker/*.go"))
	if err != nil || len(names) == 0 {
		return nil
	}
	files := map[string]string{"go.mod": "module example.com/goker\n\ngo 1.26.0\n"}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = string(data)
	}
	return files
}

// goker is what is found in GoKer, in every band: file, line, check, band. A line more
// is a false report, or a find to be added here.
//
// Of 23 kernels whose deadlock is made of locks alone, 20 are found. The rest:
//
//   - etcd10492: the second Lock is in a closure that sits in a field of the object which
//     it captures. That le.cp refers back to le is not known, and one class is no proof.
//   - hugo5379: the same over eleven frames, through a map of functions and Once.Do.
//   - kubernetes58107: the lost wakeup of a Cond. The order of the locks is fine; that the
//     Wait is for a signal alone is weak evidence.
//
// Of 40 kernels that deadlock over channels, contexts, WaitGroups and Conds, some with locks as well, blocking and chanleak find 25, and one more
// by weak evidence. The rest:
//
//   - cockroach1462, etcd6857, istio17860, istio18454: a receiver in a loop is told to end, and a send on the channel in the field comes
//     later. That the senders have not ended by then is not shown.
//   - cockroach10790: channels in a slice.
//   - cockroach2448: two goroutines select on each other's channels, with a third case that nobody serves.
//   - cockroach24808, cockroach35073: a channel is full when the first receiver is started: values in it are not counted.
//   - etcd7492: the lock is reached through three objects, perhaps others.
//   - etcd7902: a local variable gets another channel.
//   - grpc862: the cancel is called, but of a connection that is always nil.
//   - kubernetes11298, moby27782: what a Cond waits for does not come about.
//   - serving2137: a semaphore is given back in another order than it is taken.
//   - syncthing5795: a goroutine waits for itself, by way of an interface and a function in a field.
var goker = []string{
	"cockroach10214.go:43 lockorder error",
	"cockroach1055.go:48 chanleak error",
	"cockroach1055.go:56 chanleak error",
	"cockroach13197.go:45 chanleak error",
	"cockroach13755.go:36 chanleak error",
	"cockroach16167.go:56 rlockrecursion error",
	"cockroach18101.go:45 chanleak error",
	"cockroach25456.go:52 chanleak error",
	"cockroach35931.go:34 chanleak error",
	"cockroach3710.go:41 lockorder error", // two readers and a writer; the instance is out of reach
	"cockroach584.go:32 missingunlock error",
	"cockroach584.go:43 missingunlock error",
	"cockroach584.go:60 doublelock error",
	"cockroach6181.go:42 rlockrecursion error",
	"cockroach7504.go:66 lockorder error",
	"cockroach9935.go:36 doublelock error",
	"etcd5509.go:52 missingunlock error",
	"etcd6708.go:67 doublelock error",
	"etcd6873.go:56 blocking error",
	"etcd7492.go:81 blocking warning", // the deleter's lock is reached through three objects
	"grpc1275.go:39 chanleak error",
	"grpc1424.go:91 chanleak error",
	"grpc1460.go:37 blocking error",
	"grpc3017.go:81 missingunlock error",
	"grpc660.go:34 chanleak error",
	"grpc795.go:26 doublelock error",
	"grpc795.go:27 missingunlock error",
	"hugo3251.go:30 lockorder error",
	"istio16224.go:114 blocking error",
	"kubernetes10182.go:53 blocking error",
	"kubernetes11298.go:65 waitmisuse note", // a Wait for a signal alone
	"kubernetes13135.go:83 lockorder error",
	"kubernetes1321.go:55 unguarded warning",
	"kubernetes1321.go:70 chanleak error",
	"kubernetes1321.go:88 unguarded note",
	"kubernetes25331.go:43 chanleak error",
	"kubernetes26980.go:48 blocking error",
	"kubernetes30872.go:99 lockorder error",
	"kubernetes38669.go:43 chanleak error",
	"kubernetes5316.go:35 chanleak error",
	"kubernetes58107.go:40 waitmisuse note", // the lost wakeup
	"kubernetes62464.go:42 rlockrecursion error",
	"kubernetes6632.go:56 chanleak error",
	"kubernetes70277.go:94 chanleak error",
	"moby17176.go:35 missingunlock error",
	"moby17176.go:50 chanleak error", // the timer can come first
	"moby21233.go:134 chanleak error",
	"moby25384.go:38 chanleak error",
	"moby27782.go:112 waitmisuse warning",
	"moby28462.go:82 blocking error",
	"moby30408.go:32 chanleak error",
	"moby33781.go:37 chanleak error",
	"moby36114.go:32 doublelock error",
	"moby4951.go:38 lockorder error",
	"moby7559.go:32 doublelock error",
	"syncthing4829.go:34 doublelock error",
}

func TestGoKer(t *testing.T) {
	files := gokerFiles(t)
	if files == nil {
		t.Skip("this Go installation lacks src/runtime/testdata/testgoroutineleakprofile")
	}
	dir := newDir(t)
	writeFiles(t, dir, files)
	res, err := analyzer.Check(analyzer.Config{Dir: dir, Patterns: []string{"."}, Env: environ(), All: true, Library: &library})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Problems) > 0 {
		t.Errorf("problems: %q", res.Problems)
	}
	got := map[string]bool{}
	for _, f := range res.Findings {
		key := fmt.Sprintf("%s:%d %s %s", relative(t, dir, f.Posn.Filename), f.Posn.Line, f.Check, f.Band())
		if got[key] {
			t.Errorf("%s is reported twice", key)
		}
		got[key] = true
	}
	if diff := cmp.Diff(goker, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("expected (-), found (+):\n%s", diff)
	}
}
