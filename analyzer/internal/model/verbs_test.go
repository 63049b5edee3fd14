package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockcheck/lockcheck/analyzer/internal/model"
)

func TestVerbs(t *testing.T) {
	const s = model.Stringers
	tests := []struct {
		format string
		want   []string
		ok     bool
	}{
		{"", nil, true},
		{"no verbs", nil, true},
		{"100%%", nil, true},
		{"%v", []string{s}, true},
		{"%s and %q", []string{s, s}, true},
		{"%+v %-10v|% x|%X", []string{s, s, s, s}, true},
		{"%#v", []string{"Format|GoString"}, true},
		{"%#s", []string{s}, true},
		{"%+#v", []string{"Format|GoString"}, true},
		{"%w", []string{s}, true},
		{"%d %t %08.3f %c", []string{"Format", "Format", "Format", "Format"}, true},
		{"%T %p", []string{"", ""}, true},
		{"%%%s%%", []string{s}, true},
		{"%é", []string{"Format"}, true},
		{"%", nil, true},
		{"%v %", []string{s}, true},
		{"%v %0", []string{s}, true},
		{"%*d", nil, false},
		{"%.*f", nil, false},
		{"%[1]v", nil, false},
		{"%v %[1]v", nil, false},
	}
	for _, tt := range tests {
		got, ok := model.Verbs(tt.format)
		if ok != tt.ok {
			t.Errorf("Verbs(%q): ok is %t", tt.format, ok)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Verbs(%q): expected (-), got (+):\n%s", tt.format, diff)
		}
	}
}
