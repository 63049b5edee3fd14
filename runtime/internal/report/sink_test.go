package report

import (
	"strings"
	"testing"
)

// A nested writer delivers a report itself, and asks for what was delivered, when it is to write one.
type nested struct{ text []string }

func (w *nested) Write(p []byte) (int, error) {
	w.text = append(w.text, string(p))
	if Count(); len(w.text) == 1 {
		Deliver(Report{Title: "second", Check: "held", Note: true})
	}
	return len(p), nil
}

// TestNested has a writer and a test of what to ignore that use the package: no lock is held when they are called.
func TestNested(t *testing.T) {
	w := &nested{}
	SetOutput(w, false)
	asked := 0
	Ignore(func(r *Report) bool {
		asked++
		return len(Since(0)) >= 0 && r.Title == "ignored"
	})
	t.Cleanup(func() { SetOutput(nil, false) })
	before := Count()
	Deliver(Report{Title: "ignored", Check: "lockorder"})
	Deliver(Report{Title: "first", Check: "lockorder"})
	if n := Count() - before; n != 2 {
		t.Errorf("%d reports are counted, want 2", n)
	}
	if len(w.text) != 2 || !strings.Contains(w.text[0], "first") || !strings.Contains(w.text[1], "second") {
		t.Errorf("written: %q", w.text)
	}
	if asked != 3 || !Failed() {
		t.Errorf("asked %d times what to ignore, failed %v; want 3 and true", asked, Failed())
	}
}

// TestStuckWriter has a writer that waits until others have delivered: they must not wait for it.
func TestStuckWriter(t *testing.T) {
	wait := make(chan bool)
	started := make(chan bool)
	var text []string
	SetOutput(writer(func(p []byte) {
		if text = append(text, string(p)); len(text) == 1 {
			started <- true
			<-wait
		}
	}), false)
	t.Cleanup(func() { SetOutput(nil, false) })
	done := make(chan bool)
	go func() {
		Deliver(Report{Title: "first", Check: "held", Note: true})
		done <- true
	}()
	<-started
	Deliver(Report{Title: "second", Check: "held", Note: true})
	wait <- true
	<-done
	if len(text) != 2 {
		t.Errorf("written: %q", text)
	}
}

type writer func(p []byte)

func (w writer) Write(p []byte) (int, error) { w(p); return len(p), nil }
