package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

const oneGoroutine = "goroutine 1 [running]:\nmain.main()\n\tmain.go:1\n"

// TestDumpURL reads dumps from servers, good and bad.
func TestDumpURL(t *testing.T) {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	serve := func(pattern, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
	}
	serve("/debug/pprof/goroutine", oneGoroutine)
	serve("/page", "<html>")
	serve("/nothing", "")
	mux.Handle("/moved", http.RedirectHandler("/debug/pprof/goroutine?debug=2", http.StatusFound))
	mux.HandleFunc("/packed", func(w http.ResponseWriter, _ *http.Request) {
		z := gzip.NewWriter(w)
		io.WriteString(z, oneGoroutine)
		z.Close()
	})
	stop := make(chan bool)
	defer close(stop)
	mux.HandleFunc("/silent", func(http.ResponseWriter, *http.Request) { <-stop })
	mux.HandleFunc("/slow", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, oneGoroutine)
		http.NewResponseController(w).Flush()
		<-stop
	})
	t.Setenv("PATH", t.TempDir()) // no other program is asked
	t.Setenv("NO_PROXY", "*")

	for _, path := range []string{"/debug/pprof/goroutine?debug=2", "/moved", "/packed"} {
		if code, out, errs := runHere("dump", server.URL+path); code != exitClean || errs != "" {
			t.Errorf("%s: exit code %d, %s%s", path, code, out, errs)
		}
	}
	for path, want := range map[string]string{
		"/missing": `lockcheck: \S+/missing: the server says 404 Not Found`,
		"/page":    `lockcheck: \S+/page: a web page, not a dump`,
		"/nothing": `lockcheck: \S+/nothing: nothing in it`,
	} {
		wantSentence(t, want, "dump", server.URL+path)
	}
	defer func(d time.Duration) { fetchTimeout = d }(fetchTimeout)
	fetchTimeout = 100 * time.Millisecond
	for _, path := range []string{"/silent", "/slow"} {
		wantSentence(t, `lockcheck: \S+`+path+`: the answer did not come within 100ms`, "dump", server.URL+path)
	}
	server.CloseClientConnections()
	server.Listener.Close()
	wantSentence(t, `lockcheck: http://\S+/: .*connect`, "dump", server.URL+"/")
	wantSentence(t, `lockcheck: http://:no: `, "dump", "http://:no")
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
	f, err := awaitFile(name, time.Minute, time.Minute, yes)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := awaitFile(name+".never", 20*time.Millisecond, time.Minute, yes); err != os.ErrDeadlineExceeded {
		t.Errorf("a file that never comes: %v", err)
	}
	if _, err := awaitFile(name+".never", time.Minute, time.Minute, func() bool { return false }); err == nil || err.Error() != "it has ended" {
		t.Errorf("a process that has ended: %v", err)
	}
}

// TestAwaitSlowFile has a file that is written for longer than its beginning may take, and one that is not
// completed. Each look at it finds more, up to a time.
func TestAwaitSlowFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "dump.json")
	looks := 0
	grow := func() bool {
		looks++
		if looks <= 15 {
			os.WriteFile(name+".tmp", make([]byte, looks), 0o666)
		} else {
			os.Rename(name+".tmp", name)
		}
		return true
	}
	f, err := awaitFile(name, 0, time.Minute, grow)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if looks != 16 {
		t.Errorf("it was looked at %d times, want 16", looks)
	}
	os.WriteFile(name+".half.tmp", nil, 0o666)
	if _, err := awaitFile(name+".half", time.Minute, 20*time.Millisecond, func() bool { return true }); err != errStopped {
		t.Errorf("a file that is not completed: %v", err)
	}
}
