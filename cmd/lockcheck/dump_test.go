package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

const oneGoroutine = "goroutine 1 [running]:\nmain.main()\n\tmain.go:1\n"

// TestDumpURL reads dumps from servers, good and bad.
func TestDumpURL(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("needs curl")
	}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	serve := func(pattern, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
	}
	serve("/debug/pprof/goroutine", oneGoroutine)
	serve("/page", "<html>")
	serve("/nothing", "")
	t.Setenv("NO_PROXY", "*")

	if code, out, errs := runHere("dump", server.URL+"/debug/pprof/goroutine?debug=2"); code != exitClean || errs != "" {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	for path, want := range map[string]string{
		"/missing": `lockcheck: \S+/missing: .*404`,
		"/page":    `lockcheck: \S+/page: a web page, not a dump`,
		"/nothing": `lockcheck: \S+/nothing: nothing in it`,
	} {
		wantSentence(t, want, "dump", server.URL+path)
	}
	server.Close()
	wantSentence(t, `lockcheck: http://\S+/: .*[Cc]onnect`, "dump", server.URL+"/")
}

// wantSentence runs a command that must fail with one sentence.
func wantSentence(t *testing.T, want string, args ...string) {
	t.Helper()
	code, out, errs := runHere(args...)
	if code != exitFailed || out != "" || !regexp.MustCompile(`\A`+want+`[^\n]*\n\z`).MatchString(errs) {
		t.Errorf("%q: exit code %d, stdout %q, stderr %q, want %s", args, code, out, errs, want)
	}
}

func TestAwaitFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "dump.json")
	yes := func() bool { return true }
	go func() {
		time.Sleep(20 * time.Millisecond)
		os.WriteFile(name+".tmp", []byte(oneGoroutine), 0o666)
		os.Rename(name+".tmp", name)
	}()
	f, err := awaitFile(name, time.Minute, yes)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := awaitFile(name+".never", 20*time.Millisecond, yes); err != os.ErrDeadlineExceeded {
		t.Errorf("a file that never comes: %v", err)
	}
	if _, err := awaitFile(name+".never", time.Minute, func() bool { return false }); err == nil || err.Error() != "it has ended" {
		t.Errorf("a process that has ended: %v", err)
	}
}
