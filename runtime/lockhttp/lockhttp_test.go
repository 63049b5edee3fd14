package lockhttp

import (
	"net/http/httptest"
	"strings"
	"testing"

	lockcheck "github.com/lockcheck/lockcheck/runtime"
	"github.com/lockcheck/lockcheck/runtime/dump"
)

type vault struct{ mu lockcheck.Mutex }

// TestHandler asks for a dump in both forms while this goroutine holds a lock.
func TestHandler(t *testing.T) {
	var v vault
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, format := range []string{"text", "json"} {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest("GET", "/debug/lockcheck?format="+format, nil))
		if w.Code != 200 || !strings.Contains(w.Body.String(), "lockhttp.TestHandler") {
			t.Fatalf("%s: %d\n%s", format, w.Code, w.Body)
		}
		d, err := dump.Parse(w.Body)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		held := false
		for _, g := range d.Goroutines {
			for _, h := range g.Holds {
				held = held || strings.HasSuffix(h.Lock.Class, "lockhttp.vault.mu")
			}
		}
		if held != lockcheck.Enabled {
			t.Errorf("%s: lockhttp.vault.mu is held: %v\n", format, held)
		}
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest("GET", "/?format=xml", nil))
	if w.Code != 400 {
		t.Errorf("format=xml: %d", w.Code)
	}
}
