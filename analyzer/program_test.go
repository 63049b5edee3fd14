package analyzer_test

import "testing"

// TestProgram checks what is found in whole programs of which go vet sees too little: the modules of testdata/program.
func TestProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the go command")
	}
	for name, files := range modulesIn(t, "program") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := newDir(t)
			writeFiles(t, dir, files)
			for _, problem := range mismatches(t, files, check(t, dir, "./...")) {
				t.Error(problem)
			}
		})
	}
}
