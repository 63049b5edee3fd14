//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// TestDumpPID plays the process that is asked for its dump by a shell that catches the signal.
func TestDumpPID(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs a shell")
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	// The signal is caught as soon as the script has printed a line.
	start := func(script string) (pid string, end func()) {
		t.Helper()
		cmd := exec.Command(sh, "-c", script)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		return strconv.Itoa(cmd.Process.Pid), func() {
			cmd.Process.Kill()
			cmd.Wait()
		}
	}
	const loop = `echo ready; while :; do sleep 0.01; done`

	pid, end := start(`
answer() {
	cd "$TMPDIR"/lockcheck-dump-$$-* || exit 1
	printf 'goroutine 1 [running]:\nmain.main()\n\tmain.go:1\n' >dump.json.tmp
	mv dump.json.tmp dump.json
}
trap answer USR1
` + loop)
	if code, out, errs := runHere("dump", "-force", pid); code != exitClean || errs != "" {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	end()
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	wantSentence(t, "lockcheck: process "+pid+": there is no such process", "dump", "-force", pid)

	pid, end = start(`trap exit USR1; ` + loop)
	go func(pid string) {
		// The shell is a zombie, and thus alive, until it is waited for.
		if p, err := os.FindProcess(atoi(pid)); err == nil {
			p.Wait()
		}
	}(pid)
	wantSentence(t, "lockcheck: process "+pid+": it has ended", "dump", "-force", pid)
	end()

	pid, end = start(loop)
	if runtime.GOOS == "linux" {
		wantSentence(t, "lockcheck: process "+pid+": it does not catch SIGUSR1", "dump", "-force", pid)
	} else {
		wantSentence(t, "lockcheck: process "+pid+": SIGUSR1", "dump", pid)
	}
	if !alive(atoi(pid)) {
		t.Error("the signal was sent")
	}
	end()
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
