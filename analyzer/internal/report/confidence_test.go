package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/report"
)

func TestConfidence(t *testing.T) {
	var c report.Confidence
	if c.Value() != 100 || c.Band() != report.Error {
		t.Errorf("nothing speaks against it: %d, %s", c.Value(), c.Band())
	}
	c = report.Sure(95, "an exit keeps the lock")
	c.Times(55, "another path leads there")
	c.Times(100, "nothing")
	low := c
	low.Times(1, "a")
	low.Times(1, "b")
	if c.Value() != 52 || c.Band() != report.Warning || low.Value() != 1 || low.Band() != report.Note {
		t.Errorf("got %d, %d", c.Value(), low.Value())
	}
	var f report.Finding
	f.Weigh(c)
	f.Times(50, "the file is generated")
	want := []report.Reason{{"an exit keeps the lock", 95}, {"another path leads there", 55}, {"the file is generated", 50}}
	if diff := cmp.Diff(want, f.Reasons); diff != "" || f.Confidence != 26 {
		t.Errorf("confidence %d, reasons expected (-), got (+):\n%s", f.Confidence, diff)
	}
	if len(c.Reasons) != 2 {
		t.Errorf("the finding's reason is among those of another: %v", c.Reasons)
	}
}

// TestTimes lowers a confidence of which the check has given no reasons.
func TestTimes(t *testing.T) {
	f := report.Finding{Confidence: 80}
	f.Times(50, "the file is generated")
	if f.Confidence != 40 || len(f.Reasons) != 2 {
		t.Errorf("confidence %d, reasons %v", f.Confidence, f.Reasons)
	}
}
